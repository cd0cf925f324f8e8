using System.Diagnostics;
using System.Reactive.Concurrency;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Idle watches of many accounts in one process, in virtual time, with a server in memory.</summary>
internal sealed class IdleWatches : IDisposable
{
    // Longer than the time for which a watch expects late jobs.
    private const int PollsUntilIdle = 40;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly HistoricalScheduler _scheduler = new(DateTimeOffset.UtcNow);
    private readonly PageHandler _handler;
    private readonly HttpClient _httpClient;
    private readonly JobsClient _client;
    private readonly List<JobWatch> _watches = [];

    private IdleWatches(int count, int jobs, int? retained)
    {
        _handler = new PageHandler(new RenderedJobs(jobs, static _ => null));
        _httpClient = new HttpClient(_handler);
        _client = KooDriveRequests.CreateJobsClient(new Uri("http://127.0.0.1"), _httpClient);
        var options = new JobWatchOptions { PollInterval = Interval, Jitter = 0, PollsPerFullScan = 1_000_000 };
        options.MaxRetainedFinishedJobs = retained ?? options.MaxRetainedFinishedJobs;
        for (int i = 0; i < count; i++)
        {
            JobWatch watch = _client.WatchJobs(options, new JobWatchServices { Scheduler = _scheduler });
            watch.Changes.Subscribe(static _ => { });
            _watches.Add(watch);
        }

        Poll(PollsUntilIdle);
    }

    /// <summary>Returns the retained memory of one watch, in bytes.</summary>
    /// <param name="count">The number of watches.</param>
    /// <param name="jobs">The length of each list.</param>
    /// <param name="retained">The number of retained finished jobs; null for the default.</param>
    public static double MeasureHeap(int count, int jobs, int? retained)
    {
        using var warmUp = new IdleWatches(1, jobs, retained);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using var watches = new IdleWatches(count, jobs, retained);
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
    }

    /// <summary>Returns the cost of one poll.</summary>
    /// <param name="jobs">The length of the list.</param>
    /// <param name="polls">The number of polls.</param>
    public static IdlePollCost MeasurePoll(int jobs, int polls)
    {
        using var watches = new IdleWatches(1, jobs, retained: null);
        watches.Poll(polls);
        (int requests, long bytes) = (watches._handler.Requests, watches._handler.Bytes);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        watches.Poll(polls);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new IdlePollCost(
            (watches._handler.Requests - requests) / (double)polls,
            (watches._handler.Bytes - bytes) / (double)polls,
            allocated / (double)polls,
            elapsed.TotalMicroseconds / polls);
    }

    public void Dispose()
    {
        _watches.ForEach(static watch => watch.Dispose());
        _client.Dispose();
        _httpClient.Dispose();
    }

    private void Poll(int polls) => _scheduler.AdvanceBy(Interval * polls);
}

/// <summary>The average cost of an idle poll.</summary>
/// <param name="Requests">The number of requests.</param>
/// <param name="Bytes">The size of the response bodies.</param>
/// <param name="Allocated">The allocated bytes.</param>
/// <param name="Microseconds">The duration.</param>
internal readonly record struct IdlePollCost(double Requests, double Bytes, double Allocated, double Microseconds);
