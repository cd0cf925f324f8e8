using System.Diagnostics.CodeAnalysis;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>Accounts of a single silo whose storage, sink, credentials or callers fail.</summary>
public sealed class AccountFailureTests
{
    private readonly RecordingSink _sink = new();
    private readonly TestAccounts _accounts = new();
    private readonly TestStorage _storage = new();

    [Fact]
    public async Task LastError_is_null_after_a_watch_without_changes_has_recovered()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        await using (EmbeddedSilo silo = await StartAsync())
        {
            await StartAsync(silo, emulator, account);
        }

        bool fails = true;
        _accounts.Provide = _ => fails ? throw new TimeoutException("secret") : TestClients.Credential;
        await using (EmbeddedSilo silo = await StartAsync())
        {
            await UntilAsync(silo, account, health => health.LastError is not null);
            fails = false;
            _accounts.Provide = null;

            JobWatchGrainHealth recovered = await UntilAsync(silo, account, health => health.LastSuccessAt is not null);

            Assert.Null(recovered.LastError);
        }
    }

    [Fact]
    public async Task LastError_is_that_of_the_sink_while_the_sink_fails()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        _sink.BeforeWrite = _ => throw new TimeoutException("secret");
        await using EmbeddedSilo silo = await StartAsync();
        await silo.Watch(account).StartAsync();

        JobWatchGrainHealth failed = await UntilAsync(silo, account, health => health.LastError is not null);
        Assert.Equal(nameof(TimeoutException), failed.LastError);

        _sink.BeforeWrite = null;
        await UntilAsync(silo, account, health => health.LastError is null);
    }

    [Fact]
    public async Task StopAsync_cancels_a_sink_in_progress_whose_event_the_next_start_delivers()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        var sink = new HangingSink(_sink);
        await using EmbeddedSilo silo = await StartAsync(sink);
        await silo.Watch(account).StartAsync();
        await sink.Called.WaitAsync(TestContext.Current.CancellationToken);

        await silo.Watch(account).StopAsync();

        Assert.True(sink.IsCanceled);
        Assert.Empty(_sink.Events);
        await silo.Watch(account).StartAsync();
        await _sink.WaitForKeyAsync(TestAccounts.Key(account, job));
    }

    [Fact]
    public async Task StopAsync_ends_a_poll_in_flight()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        await using EmbeddedSilo silo = await StartAsync();
        await StartAsync(silo, emulator, account);
        emulator.Faults.Next(EmulatorFault.NeverRespond);
        await emulator.Requests.WaitForCountAsync(emulator.Requests.Count + 1, TestContext.Current.CancellationToken);

        await silo.Watch(account).StopAsync();

        long requests = emulator.Requests.Count;
        Assert.False((await silo.Watch(account).GetHealthAsync()).IsStarted);
        Assert.Equal(requests, emulator.Requests.Count);
    }

    [Fact]
    public async Task Started_accounts_continue_when_the_storage_was_unavailable_at_their_activation()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount account = TestAccounts.Get(emulator, 1);
        await using (EmbeddedSilo silo = await StartAsync())
        {
            await StartAsync(silo, emulator, account);
        }

        // The first activations fail when they read their state, the next ones when they write it.
        int failures = 0;
        _storage.BeforeRead = name => Fail(name, max: 2);
        _storage.BeforeWrite = name => Fail(name, max: 4);
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        await using (await StartAsync())
        {
            await _sink.WaitForKeyAsync(TestAccounts.Key(account, job));
        }

        Assert.Equal(4, failures);

        void Fail(string state, int max)
        {
            if (state == "watch" && failures < max)
            {
                failures++;
                throw new TimeoutException("The storage is not available.");
            }
        }
    }

    [Fact]
    public async Task StartAsync_succeeds_when_it_is_repeated_after_a_conflict_of_the_bucket()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        JobAccount first = TestAccounts.Get(emulator, 1);
        JobAccount second = TestAccounts.Get(emulator, 2);
        await using (EmbeddedSilo silo = await StartAsync(configure: options => options.BucketCount = 1))
        {
            await StartAsync(silo, emulator, first);
            _storage.WriteElsewhere("accounts");

            await Assert.ThrowsAsync<JobWatchGrainException>(() => silo.Watch(second).StartAsync());
            await StartAsync(silo, emulator, second);
        }

        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        await using (await StartAsync(configure: options => options.BucketCount = 1))
        {
            await _sink.WaitForKeyAsync(TestAccounts.Key(first, job));
            await _sink.WaitForKeyAsync(TestAccounts.Key(second, job));
        }

        Assert.Equal(1, _storage.RejectedCount);
    }

    [Theory]
    [InlineData("not an account")]
    [InlineData("https://user:secret@intl.example.com|15")]
    [InlineData("https://intl.example.com/|15")]
    [InlineData("https://INTL.example.com|15")]
    public async Task StartAsync_rejects_a_key_that_is_not_the_text_of_an_account(string key)
    {
        await using EmbeddedSilo silo = await StartAsync();
        IJobWatchGrain watch = silo.Grains.GetGrain<IJobWatchGrain>(key);

        JobWatchGrainException failure = await Assert.ThrowsAsync<JobWatchGrainException>(watch.StartAsync);

        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JobWatchGrainException>(watch.StopAsync);
        Assert.False((await watch.GetHealthAsync()).IsStarted);
        Assert.Empty(_storage.Texts);
    }

    [Fact]
    [SuppressMessage("Usage", "xUnit1051", Justification = "The loop observes the token.")]
    public async Task Calls_to_stopped_watches_leave_no_activation()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        await using EmbeddedSilo silo = await StartAsync();
        JobAccount[] accounts = [.. Enumerable.Range(0, 10).Select(number => TestAccounts.Get(emulator, number))];
        foreach (JobAccount account in accounts)
        {
            Assert.False((await silo.Watch(account).GetHealthAsync()).IsStarted);
            Assert.Empty(await silo.Watch(account).GetUnfinishedJobsAsync());
        }

        // Deactivation follows the response.
        IManagementGrain management = silo.Grains.GetGrain<IManagementGrain>(0);
        while ((await management.GetDetailedGrainStatistics()).Any(activation => activation.GrainId.ToString().Contains("koodrive-job-watch", StringComparison.Ordinal)))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private Task<EmbeddedSilo> StartAsync(IJobEventSink? sink = null, Action<JobWatchGrainOptions>? configure = null) =>
        EmbeddedSilo.StartAsync(sink ?? _sink, _accounts, _storage, configure);

    /// <summary>Starts an account, and waits until its first checkpoint was written.</summary>
    private async Task StartAsync(EmbeddedSilo silo, JobsEmulator emulator, JobAccount account)
    {
        await silo.Watch(account).StartAsync();
        await _sink.WaitAsync(events => events.Any(next => next.Account == account && next.Event is WatchSynced));
        long polls = (await silo.Watch(account).GetHealthAsync()).PollCount;
        while ((await silo.Watch(account).GetHealthAsync()).PollCount < polls + 2)
        {
            await emulator.Requests.WaitForCountAsync(emulator.Requests.Count + 1, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<JobWatchGrainHealth> UntilAsync(EmbeddedSilo silo, JobAccount account, Func<JobWatchGrainHealth, bool> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            timeout.Token.ThrowIfCancellationRequested();
            JobWatchGrainHealth health = await silo.Watch(account).GetHealthAsync();
            if (condition(health))
            {
                return health;
            }
        }
    }

    /// <summary>A sink whose first call returns only when it is canceled.</summary>
    private sealed class HangingSink(IJobEventSink inner) : IJobEventSink
    {
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Called => _called.Task;

        public bool IsCanceled { get; private set; }

        public async ValueTask WriteAsync(AccountJobEvent jobEvent, CancellationToken cancellationToken)
        {
            if (_called.TrySetResult())
            {
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                }
                finally
                {
                    IsCanceled = true;
                }
            }

            await inner.WriteAsync(jobEvent, cancellationToken);
        }
    }
}
