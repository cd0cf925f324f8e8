namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>A handler that calls a delegate for each change and ignores gaps.</summary>
internal sealed class DelegateChangeHandler(Func<JobChange, CancellationToken, ValueTask> handler) : IJobChangeHandler
{
    public ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken) => handler(change, cancellationToken);
}
