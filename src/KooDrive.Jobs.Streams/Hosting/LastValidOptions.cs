using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>The last valid options of a hosted watch. A reload of the configuration with invalid values is logged once and ignored.</summary>
internal sealed class LastValidOptions : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly IOptionsFactory<HostedJobWatchOptions> _factory;
    private readonly ILogger _logger;
    private readonly IDisposable[] _subscriptions;
    private HostedJobWatchOptions _current;
    private string? _reported;

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

    // One edit of a file can raise several reloads.
    private void Reload()
    {
        lock (_gate)
        {
            try
            {
                Volatile.Write(ref _current, _factory.Create(_name));
                _reported = null;
            }
            catch (Exception exception)
            {
                // Binding and validation, including code of the application, may throw any exception: the watch keeps its options.
                if (_reported != exception.Message)
                {
                    _reported = exception.Message;
                    HostingLog.ReloadIgnored(_logger, exception.Message);
                }
            }
        }
    }
}
