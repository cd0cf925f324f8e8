namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>What a watch remembers, in bytes a job: the difference between watches of a longer and a shorter list.</summary>
internal static class TrackedMemory
{
    /// <summary>Of an unfinished job, the job itself included.</summary>
    public static Task<double> OfUnfinishedAsync(int jobs) => DifferenceAsync(jobs, status: 1);

    /// <summary>Of a finished job beyond those retained.</summary>
    public static Task<double> OfFinishedAsync(int jobs) => DifferenceAsync(jobs, status: null);

    private static async Task<double> DifferenceAsync(int jobs, int? status)
    {
        var longer = new RenderedJobs(2 * jobs, _ => status);
        var shorter = new RenderedJobs(jobs, _ => status);
        foreach (RenderedJobs warmUp in new[] { longer, shorter })
        {
            await MeasureAsync(warmUp);
        }

        return (await MeasureAsync(longer) - await MeasureAsync(shorter)) / (double)jobs;
    }

    private static async Task<long> MeasureAsync(RenderedJobs jobs)
    {
        using var server = new ListServer([jobs]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var poller = new JobPoller(server.Client, new PollingOptions { MaxUnfinishedJobs = jobs.Count }, () => default);
        await poller.PollAsync(1, CancellationToken.None);
        await poller.PollAsync(2, CancellationToken.None);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(poller);
        return after - before;
    }
}
