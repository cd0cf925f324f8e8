using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>The last valid options of a hosted watch. A reload of the configuration with invalid values is logged once and ignored.</summary>
internal sealed class LastValidOptions : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _name;
    private readonly IOptionsFactory<HostedJobWatchOptions> _factory;
    private readonly ILogger _logger;
    private readonly IDisposable[] _subscriptions;
    private HostedJobWatchOptions _current;
    private string? _reported;
    private long _lastReload;
    private long _finishedReload;

    /// <exception cref="OptionsValidationException">The options are invalid from the start.</exception>
    public LastValidOptions(
        string name,
        IOptionsFactory<HostedJobWatchOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<HostedJobWatchOptions>> sources,
        ILogger logger)
    {
        _name = name;
        _factory = factory;
        _logger = logger;
        _current = factory.Create(name);
        _subscriptions = [.. sources
            .Where(source => (source.Name ?? Options.DefaultName) == name)
            .Select(source => ChangeToken.OnChange(source.GetChangeToken, Reload))];
    }

    public HostedJobWatchOptions Current => Volatile.Read(ref _current);

    public void Dispose()
    {
        foreach (IDisposable subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    // No lock is held while code of the application binds, validates or logs. Of concurrent reloads, the one that started last wins.
    private void Reload()
    {
        long reload = Interlocked.Increment(ref _lastReload);
        HostedJobWatchOptions? options = null;
        string? failure = null;
        try
        {
            options = _factory.Create(_name);
        }
        catch (Exception exception)
        {
            // Binding and validation, including code of the application, may throw any exception: the watch keeps its options.
            failure = exception.Message;
        }

        if (TryFinish(reload, options, failure))
        {
            HostingLog.ReloadIgnored(_logger, failure!);
        }
    }

    /// <summary>Keeps the outcome of a reload, unless a later reload has finished. One edit of a file can raise several reloads.</summary>
    /// <returns>Whether the failure must be logged.</returns>
    private bool TryFinish(long reload, HostedJobWatchOptions? options, string? failure)
    {
        lock (_lock)
        {
            if (reload < _finishedReload)
            {
                return false;
            }

            _finishedReload = reload;
            if (options is not null)
            {
                Volatile.Write(ref _current, options);
            }

            bool isNew = failure is not null && failure != _reported;
            _reported = failure;
            return isNew;
        }
    }
}
