using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

public sealed class EmbeddedSiloTests
{
    private readonly RecordingSink _sink = new();
    private readonly TestAccounts _accounts = new();
    private readonly TestStorage _storage = new();

    [Fact]
    public async Task StartAsync_delivers_the_snapshot_and_every_change_of_each_account()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        EmulatedJob first = emulator.Jobs.Add(taskType: 2);
        await using EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts);
        JobAccount[] accounts = [.. Enumerable.Range(1, 3).Select(number => TestAccounts.Get(emulator, number))];
        await Task.WhenAll(accounts.Select(account => silo.Watch(account).StartAsync()));
        await _sink.WaitAsync(events => events.Count(next => next.Event is WatchSynced) == 3);

        EmulatedJob second = emulator.Jobs.Add(taskType: 5);
        EmulatedJob finished = Finish(emulator, first.TaskId);

        foreach (JobAccount account in accounts)
        {
            await _sink.WaitForKeyAsync(TestAccounts.Key(account, finished));
            await _sink.WaitForKeyAsync(TestAccounts.Key(account, second));
            JobEvent[] events = [.. _sink.Events.Where(next => next.Account == account).Select(next => next.Event)];
            Assert.Equal(first.TaskId, Assert.IsType<JobListed>(events[0]).Job.TaskId);
            Assert.IsType<WatchSynced>(events[1]);
        }

        Assert.Equal(_sink.Keys.Distinct(), _sink.Keys);
    }

    [Fact]
    public async Task StartAsync_continues_from_the_checkpoint_after_StopAsync_and_a_new_silo()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        await using (EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, _storage))
        {
            await silo.Watch(account).StartAsync();
            await _sink.WaitAsync(events => events.Any(next => next.Event is WatchSynced));

            // The next poll starts after the checkpoint of the first one was written.
            await emulator.Requests.WaitForCountAsync(emulator.Requests.Count + 1, TestContext.Current.CancellationToken);
            await silo.Watch(account).StopAsync();
            long requests = emulator.Requests.Count;
            JobWatchGrainHealth health = await silo.Watch(account).GetHealthAsync();
            Assert.False(health.IsStarted);
            Assert.Equal(requests, emulator.Requests.Count);
        }

        EmulatedJob finished = Finish(emulator, job.TaskId);
        await using (EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, _storage))
        {
            Assert.Empty(await silo.Watch(account).GetUnfinishedJobsAsync());
            await silo.Watch(account).StartAsync();
            await _sink.WaitForKeyAsync(TestAccounts.Key(account, finished));
        }

        Assert.Contains(_sink.Events, next => next.Event is JobChange { JustFinished: true } change && change.Job.TaskId == job.TaskId);
    }

    [Fact]
    public async Task Started_accounts_continue_without_a_call_when_the_silo_starts_again()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        await using (EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, _storage))
        {
            await silo.Watch(account).StartAsync();
            await _sink.WaitAsync(events => events.Any(next => next.Event is WatchSynced));
        }

        EmulatedJob finished = Finish(emulator, job.TaskId);
        await using (await EmbeddedSilo.StartAsync(_sink, _accounts, _storage))
        {
            await _sink.WaitForKeyAsync(TestAccounts.Key(account, finished));
        }
    }

    [Fact]
    public async Task Event_is_delivered_again_and_its_checkpoint_waits_when_the_sink_throws()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        List<(int Writes, long Requests)> failures = [];
        await using EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, _storage);
        _sink.BeforeWrite = next =>
        {
            if (next.Event is JobListed && failures.Count < 3)
            {
                failures.Add((_storage.WriteCount, emulator.Requests.Count));
                throw new TimeoutException("The sink is not available.");
            }

            return ValueTask.CompletedTask;
        };
        await silo.Watch(account).StartAsync();

        await _sink.WaitForKeyAsync(TestAccounts.Key(account, job));

        // The writes of the bucket and the start; the requests of the first poll.
        Assert.Equal(3, failures.Count);
        Assert.Equal((2, 2), Assert.Single(failures.Distinct()));
    }

    [Fact]
    public async Task Idle_polls_write_nothing_to_the_storage()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        emulator.Jobs.Fill(20);
        JobAccount account = TestAccounts.Get(emulator, 1);
        await using EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, _storage);
        await silo.Watch(account).StartAsync();
        await emulator.Requests.WaitForCountAsync(5, TestContext.Current.CancellationToken);
        int writes = _storage.WriteCount;

        await emulator.Requests.WaitForCountAsync(emulator.Requests.Count + 10, TestContext.Current.CancellationToken);

        // The bucket, the start and the first checkpoint.
        Assert.Equal(3, writes);
        Assert.Equal(writes, _storage.WriteCount);
    }

    [Fact]
    public async Task Activation_ends_and_the_next_one_loses_nothing_when_another_one_wrote()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        await using EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, _storage);
        await silo.Watch(account).StartAsync();
        await _sink.WaitAsync(events => events.Any(next => next.Event is WatchSynced));
        await emulator.Requests.WaitForCountAsync(4, TestContext.Current.CancellationToken);

        _storage.WriteElsewhere("watch");
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        await _sink.WaitForKeyAsync(TestAccounts.Key(account, job));
        EmulatedJob finished = Finish(emulator, job.TaskId);

        await _sink.WaitForKeyAsync(TestAccounts.Key(account, finished));
        Assert.Equal(1, _storage.RejectedCount);
    }

    [Fact]
    public async Task GetUnfinishedJobsAsync_returns_the_jobs_of_the_last_poll()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        EmulatedJob old = emulator.Jobs.Add(taskType: 2);
        EmulatedJob latest = emulator.Jobs.Add(taskType: 5);
        await using EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts);
        await silo.Watch(account).StartAsync();
        await emulator.Requests.WaitForCountAsync(4, TestContext.Current.CancellationToken);

        IReadOnlyList<Job> jobs = await silo.Watch(account).GetUnfinishedJobsAsync();

        Assert.Equal([old.TaskId, latest.TaskId], jobs.Select(job => job.TaskId));
        Assert.Equal([JobType.BatchDeletion, JobType.CloudDecompression], jobs.Select(job => job.Type));
    }

    [Fact]
    public async Task Watch_continues_with_a_new_credential_after_it_ended_with_an_error()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        int calls = 0;
        _accounts.Provide = _ => new AccessTokenCredential(calls++ < 2 ? "expired-token" : new JobsEmulatorOptions().AccessToken);
        await using EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, configure: options => options.RetryDelay = TimeSpan.FromSeconds(1));
        await silo.Watch(account).StartAsync();
        await emulator.Requests.WaitForCountAsync(1, TestContext.Current.CancellationToken);
        JobWatchGrainHealth health;
        do
        {
            health = await silo.Watch(account).GetHealthAsync();
        }
        while (health.LastError is null);

        Assert.True(health.IsStarted);
        Assert.DoesNotContain("expired-token", health.LastError, StringComparison.Ordinal);
        await _sink.WaitAsync(events => events.Any(next => next.Event is WatchSynced));
        Assert.Null((await silo.Watch(account).GetHealthAsync()).LastError);
    }

    [Fact]
    public async Task Credentials_are_in_no_state_and_no_log()
    {
        const string Token = "token-that-must-not-leak";
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        emulator.Credentials.ReplaceTokens(Token);
        _accounts.Provide = _ => new AccessTokenCredential(Token);
        emulator.Jobs.Add(taskType: 2);
        using var log = new RecordingLogger();
        await using (EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, _storage, logger: log))
        {
            await silo.Watch(TestAccounts.Get(emulator, 1)).StartAsync();
            await _sink.WaitAsync(events => events.Any(next => next.Event is WatchSynced));
            await emulator.Requests.WaitForCountAsync(4, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, _storage.Texts.Count);
        Assert.DoesNotContain(_storage.Texts, text => text.Contains(Token, StringComparison.Ordinal));
        Assert.DoesNotContain(log.Entries, entry => entry.Message.Contains(Token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("watch")]
    [InlineData("accounts")]
    public async Task StartAsync_throws_an_exception_of_the_package_when_the_storage_fails(string state)
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        await using EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, _storage);
        bool fails = true;
        _storage.BeforeWrite = name => _ = name == state && fails ? throw new TimeoutException("secret") : 0;

        JobWatchGrainException failure = await Assert.ThrowsAsync<JobWatchGrainException>(() => silo.Watch(account).StartAsync());

        Assert.Contains(nameof(TimeoutException), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        fails = false;
        await silo.Watch(account).StartAsync();
        await _sink.WaitAsync(events => events.Any(next => next.Event is WatchSynced));
    }

    [Fact]
    public async Task Silo_does_not_start_without_a_sink()
    {
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => EmbeddedSilo.StartAsync(sink: null, _accounts));

        Assert.Contains(nameof(IJobEventSink), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_does_not_start_with_invalid_options()
    {
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => EmbeddedSilo.StartAsync(_sink, _accounts, configure: options =>
        {
            options.BucketCount = 0;
            options.RecoveryPeriod = TimeSpan.Zero;
            options.MaxRequestsPerSecond = double.NaN;
            options.Client.MaxRetries = -1;
            options.Client.Endpoint = new Uri("https://intl.example.com");
            options.Client.UserId = "15";
            options.Watch.Jitter = 2;
            options.Processing.MaxSaveRetries = -1;
        }));

        Assert.Equal(
            [
                "BucketCount is 0: it must be 1 to 4,096 buckets.",
                "MaxRequestsPerSecond is NaN: it must be 0.01 to 100,000 requests per second.",
                "RecoveryPeriod is 0 s: it must be 1 s to 86,400 s.",
                "Client: Endpoint is set: remove it, because each account has its own.",
                "Client: UserId is set: remove it, because each account has its own.",
                "Client: MaxRetries is -1: it must be 0 to 10 retries.",
                "Watch: Jitter is 2: it must be 0 to 1.",
                "Processing: MaxSaveRetries is -1: it must be 0 to 100 retries.",
            ],
            failure.Failures);
    }

    [Fact]
    public async Task Silo_does_not_start_with_a_Redis_sink_without_an_address_or_a_connection()
    {
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            EmbeddedSilo.StartAsync(sink: null, _accounts, change: silo => silo.AddKooDriveRedisStreamSink(options => options.MaxLength = 0)));

        Assert.Equal([nameof(RedisStreamSinkOptions.Configuration), nameof(RedisStreamSinkOptions.MaxLength)], failure.Failures.Select(text => text.Split(' ')[0]));
    }

    [Fact]
    public async Task Silo_warns_that_checkpoints_are_in_memory()
    {
        using var log = new RecordingLogger();
        await using EmbeddedSilo silo = await EmbeddedSilo.StartAsync(_sink, _accounts, logger: log);

        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Warning && entry.Message.Contains(JobWatchGrainDefaults.StorageName, StringComparison.Ordinal));
    }

    private static EmulatedJob Finish(JobsEmulator emulator, string taskId)
    {
        emulator.Jobs.Start(taskId);
        return emulator.Jobs.Finish(taskId, taskResultCode: 2);
    }
}
