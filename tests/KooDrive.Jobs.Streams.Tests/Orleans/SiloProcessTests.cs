using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>Silos in processes of their own on Redis, with the default membership settings.</summary>
[Collection(RedisTests.Name)]
public sealed class SiloProcessTests(RedisServer redis)
{
    private const double PollInterval = 1;

    [Fact]
    public async Task Every_final_state_arrives_in_time_when_silos_are_killed_and_terminated()
    {
        LongTests.SkipUnlessEnabled();
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = PollInterval });
        var paths = new JobPaths(cluster.Emulator.Jobs);
        SiloProcess[] silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.StartProcessAsync()));
        JobAccount[] accounts = await cluster.StartAccountsAsync(100);
        paths.Start();
        await cluster.WaitForKeysAsync(paths.FinalKeys(accounts).Where(key => key.EndsWith("|3|", StringComparison.Ordinal)).ToArray());

        // Silos that have just started are busy, and probe each other less often for a while.
        await WaitUntilAllPollAsync(cluster, accounts, after: TimeProvider.System.GetUtcNow(), count: 15);
        DateTimeOffset killedAt = TimeProvider.System.GetUtcNow();
        silos[0].Signal("KILL");
        paths.FinishSome();
        await WaitUntilAllPollAsync(cluster, accounts, after: killedAt);
        TimeSpan afterKill = LongestGap(cluster, killedAt);
        TimeSpan detection = await cluster.LastSuspicionAsync() - killedAt;

        DateTimeOffset terminatedAt = TimeProvider.System.GetUtcNow();
        silos[1].Signal("TERM");
        paths.FinishAll();
        await silos[1].ExitedAsync();
        await WaitUntilAllPollAsync(cluster, accounts, after: TimeProvider.System.GetUtcNow());
        TimeSpan afterTermination = LongestGap(cluster, terminatedAt);

        await cluster.WaitForKeysAsync(paths.FinalKeys(accounts));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"Longest time without a poll: {afterKill} after SIGKILL, of which the cluster needed {detection} to detect the loss, and {afterTermination} after SIGTERM.");
        Assert.InRange(afterKill.TotalSeconds, 0, 15 + (2 * PollInterval));
        Assert.InRange(afterTermination.TotalSeconds, 0, 3 + (2 * PollInterval));
    }

    [Fact]
    public async Task Silo_cannot_write_when_it_continues_after_its_membership_ended()
    {
        LongTests.SkipUnlessEnabled();
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = PollInterval, FailsFast = true });
        var paths = new JobPaths(cluster.Emulator.Jobs);
        SiloProcess[] silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.StartProcessAsync()));
        JobAccount[] accounts = await cluster.StartAccountsAsync(60);
        paths.Start();
        await cluster.WaitForKeysAsync(paths.FinalKeys(accounts).Where(key => key.EndsWith("|3|", StringComparison.Ordinal)).ToArray());
        Assert.All(await cluster.ReadActivationsAsync(), activation => Assert.Equal(1, activation));

        silos[0].Signal("STOP");
        await WaitUntilAllPollAsync(cluster, accounts, after: TimeProvider.System.GetUtcNow());
        IReadOnlyList<long> recovered = await cluster.ReadActivationsAsync();
        paths.FinishSome();
        silos[0].Signal("CONT");
        paths.FinishAll();

        await cluster.WaitForKeysAsync(paths.FinalKeys(accounts));
        await silos[0].ExitedAsync();

        // A write of the frozen silo would have set an earlier number.
        Assert.Equal(accounts.Length, recovered.Count);
        Assert.Contains(2, recovered);
        Assert.All((await cluster.ReadActivationsAsync()).Order().Zip(recovered.Order()), pair => Assert.InRange(pair.First, pair.Second, long.MaxValue));
    }

    [Fact]
    public async Task Requests_to_loopback_are_not_sent_to_the_proxy_of_the_environment()
    {
        LongTests.SkipUnlessEnabled();
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = PollInterval });
        EmulatedJob job = cluster.Emulator.Jobs.Add(taskType: 2);

        // Nothing listens at the address of the proxy.
        string proxy = $"http://127.0.0.1:{EmbeddedSilo.FreePort()}";
        await cluster.StartProcessAsync(new Dictionary<string, string> { ["http_proxy"] = proxy, ["all_proxy"] = proxy, ["no_proxy"] = "" });

        JobAccount[] accounts = await cluster.StartAccountsAsync(1);

        await cluster.WaitForKeysAsync([TestAccounts.Key(accounts[0], job)]);
    }

    // By default two polls of each account, the second of which ends the gap of an account that polled just before its silo was lost.
    private static async Task WaitUntilAllPollAsync(TestCluster cluster, JobAccount[] accounts, DateTimeOffset after, int count = 2)
    {
        while (cluster.RequestTimes().Count(account => account.Value.Count(time => time > after) >= count) < accounts.Length)
        {
            await cluster.Emulator.Requests.WaitForCountAsync(cluster.Emulator.Requests.Count + 20, TestContext.Current.CancellationToken);
        }
    }

    // The longest time between two requests of the same account that ends after a time.
    private static TimeSpan LongestGap(TestCluster cluster, DateTimeOffset after) => cluster.RequestTimes().Values
        .SelectMany(times => times.Zip(times.Skip(1), (first, second) => second > after ? second - first : TimeSpan.Zero))
        .Max();
}
