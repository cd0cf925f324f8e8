using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>Three silos in this process on Redis with one request budget, as the emulator's log shows it.</summary>
[Collection(RedisTests.Name)]
public sealed class ClusterBudgetTests(RedisServer redis)
{
    private const int Rate = 60;
    private const int SiloCount = 3;
    private const int AccountCount = 60;

    private static readonly TimeSpan Lease = new JobWatchGrainOptions().BudgetLeaseDuration;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Silos_together_keep_the_rate_and_a_pause_and_starve_no_account()
    {
        LongTests.SkipUnlessEnabled();
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = 0.2, MaxRequestsPerSecond = Rate });
        await Task.WhenAll(Enumerable.Range(0, SiloCount).Select(_ => cluster.StartHostAsync()));
        JobAccount[] accounts = await cluster.StartAccountsAsync(AccountCount);
        EmulatorRequestLog log = cluster.Emulator.Requests;
        await log.WaitForCountAsync(4 * AccountCount, TestContext.Current.CancellationToken);

        cluster.Emulator.Faults.Next(EmulatorFault.Throttle(Pause));
        await log.WaitForCountAsync(8 * AccountCount, TestContext.Current.CancellationToken);

        Assert.Equal(SiloCount, await CountSilosAsync(cluster, accounts));
        IReadOnlyList<EmulatorRequest> requests = Requests(cluster);
        AssertRateIsKept(requests);
        AssertSilence(requests);

        int[] counts = [.. requests.CountBy(request => request.Headers["X-User-Id"]).Select(account => account.Value)];
        Assert.Equal(accounts.Length, counts.Length);
        Assert.InRange(counts.Max(), counts.Min(), 2 * counts.Min());
    }

    [Fact]
    public async Task Pause_reaches_the_other_silos_before_they_renew_their_leases()
    {
        LongTests.SkipUnlessEnabled();
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = 0.2 });
        await Task.WhenAll(Enumerable.Range(0, SiloCount).Select(_ => cluster.StartHostAsync(
            configure: services => services.Configure<JobWatchGrainOptions>(options => options.BudgetLeaseDuration = TimeSpan.FromMinutes(1)))));
        JobAccount[] accounts = await cluster.StartAccountsAsync(AccountCount);
        EmulatorRequestLog log = cluster.Emulator.Requests;
        await log.WaitForCountAsync(8 * AccountCount, TestContext.Current.CancellationToken);

        cluster.Emulator.Faults.Next(EmulatorFault.Throttle(Pause));
        await log.WaitForCountAsync(log.Count + (4 * AccountCount), TestContext.Current.CancellationToken);

        Assert.Equal(SiloCount, await CountSilosAsync(cluster, accounts));
        AssertSilence(Requests(cluster));
    }

    private static async Task<int> CountSilosAsync(TestCluster cluster, JobAccount[] accounts)
    {
        IGrainFactory grains = await cluster.ConnectAsync();
        JobWatchGrainHealth[] healths = await Task.WhenAll(accounts.Select(account => grains.GetJobWatch(account).GetHealthAsync()));
        return healths.Select(health => health.Silo).Distinct().Count();
    }

    private static IReadOnlyList<EmulatorRequest> Requests(TestCluster cluster) => [.. cluster.Emulator.Requests.Snapshot().OrderBy(request => request.ReceivedAt)];

    // In each period, of whatever length.
    private static void AssertRateIsKept(IReadOnlyList<EmulatorRequest> requests)
    {
        double share = Rate * Lease.TotalSeconds / SiloCount;
        for (int first = 0; first < requests.Count; first++)
        {
            for (int last = first; last < requests.Count; last++)
            {
                double seconds = (requests[last].ReceivedAt - requests[first].ReceivedAt).TotalSeconds;
                Assert.True(last - first + 1 <= (Rate * seconds) + share, $"{last - first + 1} requests in {seconds} seconds");
            }
        }
    }

    // Requests that were in flight, and those that a silo sent before the pause reached it, may follow the response.
    private static void AssertSilence(IReadOnlyList<EmulatorRequest> requests)
    {
        DateTimeOffset pausedAt = Assert.Single(requests, request => request.StatusCode == 429).ReceivedAt;
        Assert.DoesNotContain(
            requests, request => request.ReceivedAt > pausedAt.AddSeconds(1) && request.ReceivedAt < pausedAt + Pause - TimeSpan.FromMilliseconds(50));
        Assert.Contains(requests, request => request.ReceivedAt > pausedAt + Pause);
    }
}
