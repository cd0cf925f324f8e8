using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KooDrive.Jobs.Streams.Tests.Readme;

/// <summary>Stops each host that is built in this process after it has started, so that an example that runs a host completes.</summary>
internal sealed class HostsStop : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly AsyncLocal<bool> _isHere = new();
    private readonly Lock _lock = new();
    private readonly List<IDisposable> _subscriptions = [];
    private int _started;

    public HostsStop()
    {
        _isHere.Value = true;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>The number of hosts that have started.</summary>
    public int Started => Volatile.Read(ref _started);

    public void OnNext(DiagnosticListener value)
    {
        // The framework raises one diagnostic event for each host that is built. Its own tools use this event too.
        if (value.Name == "Microsoft.Extensions.Hosting")
        {
            lock (_lock)
            {
                _subscriptions.Add(value.Subscribe(this));
            }
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (_isHere.Value && value is { Key: "HostBuilt", Value: IHost host })
        {
            IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
            lifetime.ApplicationStarted.Register(() =>
            {
                Interlocked.Increment(ref _started);
                lifetime.StopApplication();
            });
        }
    }

    public void OnError(Exception error)
    {
    }

    public void OnCompleted()
    {
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _subscriptions.ForEach(subscription => subscription.Dispose());
        }
    }
}
