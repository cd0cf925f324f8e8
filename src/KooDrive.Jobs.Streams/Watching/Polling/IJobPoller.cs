using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Polls the list; tests replace it to test delivery and timing alone.</summary>
internal interface IJobPoller
{
    /// <summary>Polls once. A poll that throws commits nothing.</summary>
    /// <param name="poll">The number of the poll, from 1, for the events.</param>
    /// <param name="cancellationToken">Cancels the poll.</param>
    /// <exception cref="JobsException">A request failed, or the list shifted in a way that a listing cannot handle.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken);

    /// <summary>The version of the state: an equal version is an equal state.</summary>
    public long StateVersion { get; }

    /// <summary>Returns the state of the last completed poll for a checkpoint. Must not be called during a poll.</summary>
    /// <exception cref="InvalidOperationException">No poll has completed.</exception>
    public TrackerState Export();
}

/// <summary>The outcome of a completed poll.</summary>
/// <param name="Events">
/// The events in order of delivery: <see cref="WatchGap"/>s, <see cref="JobListed"/>s (oldest job first) and <see cref="WatchSynced"/> of a new snapshot, then
/// <see cref="JobChange"/>s (oldest job first).
/// </param>
/// <param name="Snapshot">The retained jobs after this poll, oldest first; the same instance as before when nothing differs.</param>
/// <param name="RequestCount">The number of requests sent.</param>
/// <param name="JobCount">The number of jobs read.</param>
/// <param name="WasFullScan">Whether the whole list was read.</param>
internal sealed record PollOutcome(IReadOnlyList<JobEvent> Events, IReadOnlyList<Job> Snapshot, int RequestCount, int JobCount, bool WasFullScan);
