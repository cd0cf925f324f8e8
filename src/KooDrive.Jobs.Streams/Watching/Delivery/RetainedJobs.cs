namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>What a subscriber that comes late, or fell behind, is told before what follows: the jobs as of a completed poll.</summary>
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
