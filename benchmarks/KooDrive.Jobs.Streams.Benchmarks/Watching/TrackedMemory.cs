namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The memory of a watch in bytes per job: the difference between watches of a longer and a shorter list.</summary>
internal static class TrackedMemory
{
    /// <summary>The memory of an unfinished job, including the job itself.</summary>
    public static double OfUnfinished(int jobs) => Difference(jobs, status: 1);

    /// <summary>The memory of a finished job beyond the retained jobs.</summary>
    public static double OfFinished(int jobs) => Difference(jobs, status: null);

    private static double Difference(int jobs, int? status)
    {
        var longer = new RenderedJobs(2 * jobs, _ => status);
        var shorter = new RenderedJobs(jobs, _ => status);
        foreach (RenderedJobs warmUp in new[] { longer, shorter })
        {
            Measure(warmUp);
        }

        // Other memory of the process may be released meanwhile.
        return Math.Max(0, (Measure(longer) - Measure(shorter)) / (double)jobs);
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
