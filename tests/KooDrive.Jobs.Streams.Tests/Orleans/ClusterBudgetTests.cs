using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>Three silos in this process on Redis with one request budget, as the emulator's log shows it.</summary>
[Collection(RedisTests.Name)]
public sealed class ClusterBudgetTests(RedisServer redis)
{
    private const int Rate = 60;
    private const int SiloCount = 3;
    private const int AccountCount = 60;

    private static readonly TimeSpan Lease = new JobWatchesOptions().BudgetLease;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Silos_together_keep_the_rate_and_a_pause_and_starve_no_account()
    {
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = 0.2, MaxRequestsPerSecond = Rate });
        await Task.WhenAll(Enumerable.Range(0, SiloCount).Select(_ => cluster.StartHostAsync()));
        JobAccount[] accounts = await cluster.StartAccountsAsync(AccountCount);
        EmulatorRequestLog log = cluster.Emulator.Requests;
        await log.WaitForCountAsync(4 * AccountCount, TestContext.Current.CancellationToken);

        cluster.Emulator.Faults.Next(EmulatorFault.Throttle(Pause));
        await log.WaitForCountAsync(8 * AccountCount, TestContext.Current.CancellationToken);

        IReadOnlyList<EmulatorRequest> requests = [.. log.Snapshot().OrderBy(request => request.ReceivedAt)];
        int share = (int)(Rate * Lease.TotalSeconds / SiloCount);
        Assert.InRange(MaxCount(requests, Lease), 1, (int)(Rate * Lease.TotalSeconds) + share);

        // Requests that were in flight, and those that a silo sent before the pause reached it, may follow.
        DateTimeOffset pausedAt = Assert.Single(requests, request => request.StatusCode == 429).ReceivedAt;
        Assert.DoesNotContain(requests, request => request.ReceivedAt > pausedAt.AddSeconds(1) && request.ReceivedAt < pausedAt + Pause - TimeSpan.FromMilliseconds(50));

        int[] counts = [.. requests.CountBy(request => request.Headers["X-User-Id"]).Select(account => account.Value)];
        Assert.Equal(accounts.Length, counts.Length);
        Assert.InRange(counts.Max(), counts.Min(), 2 * counts.Min());
    }

    private static int MaxCount(IReadOnlyList<EmulatorRequest> requests, TimeSpan window)
    {
        int max = 0;
        for (int first = 0, last = 0; last < requests.Count; last++)
        {
            while (requests[last].ReceivedAt - requests[first].ReceivedAt >= window)
            {
                first++;
            }

            max = Math.Max(max, last - first + 1);
        }

        return max;
    }
}
