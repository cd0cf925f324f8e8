namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>What a watch remembers, in bytes a job: the difference between watches of a longer and a shorter list.</summary>
internal static class TrackedMemory
{
    /// <summary>Of an unfinished job, the job itself included.</summary>
    public static double OfUnfinished(int jobs) => Difference(jobs, status: 1);

    /// <summary>Of a finished job beyond those retained.</summary>
    public static double OfFinished(int jobs) => Difference(jobs, status: null);

    private static double Difference(int jobs, int? status)
    {
        var longer = new RenderedJobs(2 * jobs, _ => status);
        var shorter = new RenderedJobs(jobs, _ => status);
        foreach (RenderedJobs warmUp in new[] { longer, shorter })
        {
            Measure(warmUp);
        }

        return (Measure(longer) - Measure(shorter)) / (double)jobs;
    }

    private static long Measure(RenderedJobs jobs)
    {
        using var server = new ListServer([jobs]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using var watch = new PolledWatch(server.Client, maxUnfinished: jobs.Count);
        watch.Poll();
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }
}
