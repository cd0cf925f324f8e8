using System.Diagnostics;
using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The watches of many idle accounts in one process, in real time, with a server in memory: each user has a list of 100 finished jobs.</summary>
internal static class ManyAccounts
{
    public const string Command = "accounts";

    private const int Jobs = 100;

    // A watch is idle after the time for which it expects late jobs.
    private static readonly TimeSpan UntilIdle = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(60);

    /// <summary>Starts the watches, waits until they are idle, and measures a minute.</summary>
    public static async Task PrintAsync(int accounts, TimeSpan interval, TextWriter output)
    {
        using var handler = new PageHandler(new RenderedJobs(Jobs, static _ => null));
        using JobsClient client = new(
            new JobsClientOptions { Endpoint = new Uri("http://127.0.0.1"), UserId = KooDriveRequests.UserId },
            new AccessTokenCredential(KooDriveRequests.Token),
            new JobsClientServices { HttpHandler = handler });
        var credential = new AccessTokenCredential(KooDriveRequests.Token);
        var options = new JobWatchOptions { PollInterval = interval, StaggerFirstPoll = true };
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        JobWatch[] watches = [.. Enumerable.Range(0, accounts).Select(user => client.ForUser(user.ToString(CultureInfo.InvariantCulture), credential).WatchJobs(options))];
        IDisposable[] subscriptions = [.. watches.Select(watch => watch.Changes.Subscribe(static _ => { }))];
        await Task.Delay(UntilIdle);

        heap = (GC.GetTotalMemory(forceFullCollection: true) - heap) / accounts;
        (int requests, long bytes) = (handler.Requests, handler.Bytes);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(Measured);
        double minutes = Stopwatch.GetElapsedTime(start).TotalMinutes;
        processor = Environment.CpuUsage.TotalTime - processor;
        (requests, bytes) = (handler.Requests - requests, handler.Bytes - bytes);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {accounts:N0} accounts, an interval of {interval.TotalSeconds:N0} s, {Jobs} jobs each
            heap of an account: {heap:N0} bytes
            processor: {processor.TotalMinutes / minutes:P0} of a core, {processor.TotalMicroseconds / requests:N0} us per request
            requests per minute: {requests / minutes:N0}
            bytes per minute: {bytes / minutes:N0}
            """));
        foreach (IDisposable subscription in subscriptions)
        {
            subscription.Dispose();
        }

        await Task.WhenAll(watches.Select(watch => watch.DisposeAsync().AsTask()));
    }
}
