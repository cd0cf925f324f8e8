namespace KooDrive.Jobs.Streams;

/// <summary>What is known about the jobs, and what an observation means. No I/O, no clock, no threads: used by one poll at a time.</summary>
internal sealed class JobTracker
{
    public JobTracker(PollingOptions options, TrackerState? restored = null)
    {
        if (restored is not null && restored.Type != options.Type)
        {
            throw new ArgumentException("The state is of a watch with another type filter.", nameof(restored));
        }
    }

    /// <summary>
    /// The retained jobs, oldest first: the unfinished ones and the last finished ones. An immutable list that is replaced as a whole when a poll
    /// completes, so that any thread may read it.
    /// </summary>
    public IReadOnlyList<Job> Snapshot { get; private set; } = [];

    /// <summary>How many unfinished jobs are followed.</summary>
    public int UnfinishedCount { get; private set; }

    /// <summary>The state for a checkpoint, as of the last completed poll. Not while a poll runs.</summary>
    public TrackerState Export() => throw new NotImplementedException();
}
