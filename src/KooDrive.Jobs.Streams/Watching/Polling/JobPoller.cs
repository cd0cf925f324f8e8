namespace KooDrive.Jobs.Streams;

/// <summary>The edge between the tracker and the server: asks what to read, reads it, and tells what came. One poll at a time.</summary>
internal sealed class JobPoller
{
    public JobPoller(JobsClient client, PollingOptions options, Func<DateTimeOffset> clock, TrackerState? restored = null)
    {
        _ = client;
        _ = clock;
        Tracker = new JobTracker(options, restored);
    }

    /// <summary>What is known after the last completed poll.</summary>
    public JobTracker Tracker { get; }

    /// <summary>One poll. When it throws, nothing of it was taken over.</summary>
    /// <param name="poll">The poll's number, from 1, for the events.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="JobsException">A request failed, or the list moved in a way that a walk cannot follow.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken) => throw new NotImplementedException();
}
