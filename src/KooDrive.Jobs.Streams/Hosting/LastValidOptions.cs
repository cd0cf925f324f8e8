using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>The options of a hosted watch. After a reload of the configuration with invalid values, which is logged once, they stay as they were.</summary>
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
            catch (Exception error)
            {
                // Whatever binding or validation throws, among them code of the application: the watch runs with the options that it has.
                if (_reported != error.Message)
                {
                    _reported = error.Message;
                    HostingLog.ReloadIgnored(_logger, error.Message);
                }
            }
        }
    }
}
