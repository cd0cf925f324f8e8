using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Recovery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>Three silos in this process on Redis.</summary>
[Collection(RedisTests.Name)]
public sealed class ClusterTests(RedisServer redis)
{
    [Fact]
    public async Task Every_final_state_arrives_when_a_silo_stops_and_another_starts()
    {
        LongTests.SkipUnlessEnabled();
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = 2 });
        var paths = new JobPaths(cluster.Emulator.Jobs);
        IHost[] silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.StartHostAsync()));
        JobAccount[] accounts = await cluster.StartAccountsAsync(300);
        await cluster.Sink.WaitAsync(events => events.Count(next => next.Event is WatchSynced) >= accounts.Length);

        paths.Start();
        await cluster.Emulator.Requests.WaitForCountAsync(cluster.Emulator.Requests.Count + 300, TestContext.Current.CancellationToken);
        paths.FinishSome();
        await silos[0].StopAsync(TestContext.Current.CancellationToken);
        await cluster.StartHostAsync();
        paths.FinishAll();

        IReadOnlyCollection<string> expected = paths.FinalKeys(accounts);
        await cluster.Sink.WaitAsync(events => expected.All(events.Select(next => next.Key).ToHashSet().Contains));
        AssertRepeatedKeysAreEqualStates(cluster.Sink.Events);
    }

    [Fact]
    public async Task Health_reaches_a_client_and_names_the_silo()
    {
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = 0.2 });
        EmulatedJob job = cluster.Emulator.Jobs.Add(taskType: 2);
        await cluster.StartHostAsync();
        JobAccount[] accounts = await cluster.StartAccountsAsync(1);
        await cluster.Sink.WaitAsync(events => events.Any(next => next.Event is WatchSynced));
        await cluster.Emulator.Requests.WaitForCountAsync(3, TestContext.Current.CancellationToken);

        IJobWatchGrain watch = (await cluster.ConnectAsync()).GetJobWatch(accounts[0]);
        JobWatchGrainHealth health = await watch.GetHealthAsync();

        Assert.True(health.IsStarted);
        Assert.NotNull(health.LastSuccessAt);
        Assert.Contains("127.0.0.1", health.Silo, StringComparison.Ordinal);
        Assert.Equal(job.TaskId, Assert.Single(await watch.GetUnfinishedJobsAsync()).TaskId);
    }

    [Fact]
    public async Task Only_one_of_two_activations_can_write_and_nothing_is_lost()
    {
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = 0.2 });
        var paths = new JobPaths(cluster.Emulator.Jobs);
        await cluster.StartHostAsync();
        JobAccount[] accounts = await cluster.StartAccountsAsync(1);
        await cluster.Sink.WaitAsync(events => events.Any(next => next.Event is WatchSynced));

        // A silo of another cluster with the same storage activates the account again.
        await cluster.StartHostAsync(settings => settings with { ServiceId = settings.ClusterId, ClusterId = $"{settings.ClusterId}-other" });
        await cluster.Sink.WaitAsync(events => events.Count(next => next.Event is WatchSynced) >= 2);
        paths.Start();
        await cluster.Emulator.Requests.WaitForCountAsync(cluster.Emulator.Requests.Count + 4, TestContext.Current.CancellationToken);
        paths.FinishSome();
        await cluster.Emulator.Requests.WaitForCountAsync(cluster.Emulator.Requests.Count + 4, TestContext.Current.CancellationToken);
        paths.FinishAll();

        IReadOnlyCollection<string> expected = paths.FinalKeys(accounts);
        await cluster.Sink.WaitAsync(events => expected.All(events.Select(next => next.Key).ToHashSet().Contains));
        Assert.Contains(cluster.Log.Entries, entry => entry.Message.StartsWith("Another activation of ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reminders_resume_the_accounts_of_a_cluster_that_was_down_when_recovery_fails()
    {
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = 0.2 });
        IHost first = await cluster.StartHostAsync(configure: ShortenReminders);
        JobAccount[] accounts = await cluster.StartAccountsAsync(20);
        await cluster.Sink.WaitAsync(events => events.Count(next => next.Event is WatchSynced) >= accounts.Length);
        await cluster.DisconnectAsync();
        await first.StopAsync(TestContext.Current.CancellationToken);
        EmulatedJob job = cluster.Emulator.Jobs.Add(taskType: 2);

        // Without the watch of the membership, only reminders ping accounts.
        IHost second = await cluster.StartHostAsync(configure: services =>
        {
            ShortenReminders(services);
            services.Remove(services.Single(service => service.ImplementationType == typeof(MembershipWatch)));
        });
        using var end = new CancellationTokenSource();
        Task pings = second.Services.GetRequiredService<AccountPings>().RunAsync(end.Token);

        string[] expected = [.. accounts.Select(account => TestAccounts.Key(account, job))];
        await cluster.Sink.WaitAsync(events => expected.All(events.Select(next => next.Key).ToHashSet().Contains));
        await end.CancelAsync();
        await pings;

        static void ShortenReminders(IServiceCollection services)
        {
            services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
            services.Configure<JobWatchGrainOptions>(options => options.RecoveryPeriod = TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Accounts_with_every_allowed_character_are_stored_and_recovered()
    {
        await using TestCluster cluster = await TestCluster.CreateAsync(redis, settings => settings with { PollInterval = 0.2 });
        IHost first = await cluster.StartHostAsync();
        string characters = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code));
        JobAccount[] accounts = [.. new[] { characters, "|", "..", "a/b", "a+b", "{0}", "*" }.Select(user => new JobAccount(cluster.Emulator.Endpoint, user))];
        foreach (JobAccount account in accounts)
        {
            await (await cluster.ConnectAsync()).GetJobWatch(account).StartAsync();
        }

        await cluster.Sink.WaitAsync(events => events.Count(next => next.Event is WatchSynced) >= accounts.Length);
        await cluster.DisconnectAsync();
        await first.StopAsync(TestContext.Current.CancellationToken);
        EmulatedJob job = cluster.Emulator.Jobs.Add(taskType: 2);
        await cluster.StartHostAsync();

        foreach (JobAccount account in accounts)
        {
            await cluster.Sink.WaitForKeyAsync(TestAccounts.Key(account, job));
        }

        Assert.Equal(accounts.Select(account => account.UserId).Order(), cluster.RequestTimes().Keys.Order());
    }

    // The same key is the same state of the same job of the same account, so that a consumer can drop the duplicate.
    private static void AssertRepeatedKeysAreEqualStates(IReadOnlyList<AccountJobEvent> events) =>
        Assert.All(events.Where(next => next.Key is not null).GroupBy(next => next.Key), group =>
            Assert.Single(group.Select(next => (next.Account, JobOf(next.Event).TaskId, JobOf(next.Event).Status, JobOf(next.Event).Result)).Distinct()));

    private static Job JobOf(JobEvent next) => next is JobListed listed ? listed.Job : ((JobChange)next).Job;
}
