namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>What one completed poll found.</summary>
/// <param name="Events">
/// In order of delivery: <see cref="WatchGap"/>s, <see cref="JobListed"/>s (oldest job first) and <see cref="WatchSynced"/> where a
/// picture began anew, then <see cref="JobChange"/>s (oldest job first).
/// </param>
/// <param name="Snapshot">The retained jobs after this poll, oldest first; the same instance as before when none of them differs.</param>
/// <param name="Requests">The requests that it took.</param>
/// <param name="Jobs">The jobs that it read.</param>
/// <param name="WasFullPass">Whether the whole list was read.</param>
internal sealed record PollOutcome(IReadOnlyList<JobEvent> Events, IReadOnlyList<Job> Snapshot, int Requests, int Jobs, bool WasFullPass);
