namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>The retained jobs after a completed poll, which are replayed to late subscribers and after an overflow.</summary>
internal sealed record RetainedJobs(IReadOnlyList<Job> Jobs, long Poll, DateTimeOffset ObservedAt)
{
    public IEnumerable<JobEvent> Events()
    {
        foreach (var job in Jobs)
        {
            yield return new JobListed { Job = job, Poll = Poll, ObservedAt = ObservedAt };
        }

        yield return new WatchSynced { Poll = Poll, ObservedAt = ObservedAt };
    }
}
