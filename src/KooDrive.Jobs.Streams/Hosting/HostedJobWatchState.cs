namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>What became of a hosted watch, for its health check. One for each service key.</summary>
internal sealed class HostedJobWatchState
{
    private volatile Exception? _fault;

    /// <summary>What ended it, so that no handler is called any more; null while it runs, and when the host has stopped it.</summary>
    public Exception? Fault
    {
        get => _fault;
        set => _fault = value;
    }
}
