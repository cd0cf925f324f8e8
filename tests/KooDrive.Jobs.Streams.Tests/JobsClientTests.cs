using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests;

/// <summary>Finding and waiting for one job without a watch of the caller's.</summary>
public sealed class JobsClientTests : IDisposable
{
    private readonly InMemoryJobs _server = new();
    private readonly TestScheduler _scheduler = new();
    private readonly InMemoryJobsClient _client;

    public JobsClientTests() => _client = new InMemoryJobsClient(_server);

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task FindJobAsync_reads_pages_until_the_job_is_found()
    {
        Job oldest = _server.Insert(JobStatus.Completed);
        _server.InsertMany(500);
        Job newest = _server.Insert();

        Assert.Equal(newest, await _client.FindJobAsync(newest.TaskId, TestEnd));
        Assert.Single(_server.Requests);
        Assert.Equal(oldest, await _client.FindJobAsync(oldest.TaskId, TestEnd));
    }

    [Fact]
    public async Task FindJobAsync_returns_null_when_the_job_is_not_listed()
    {
        _server.InsertMany(150);

        Assert.Null(await _client.FindJobAsync("other", TestEnd));
    }

    [Fact]
    public async Task FindJobAsync_throws_when_canceled_between_pages()
    {
        using var cancel = new CancellationTokenSource();
        _server.InsertMany(500);
        _server.BeforeRequest = () =>
        {
            if (_server.Requests.Count == 2)
            {
                cancel.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.FindJobAsync("other", cancel.Token));

        Assert.InRange(_server.Requests.Count, 2, 3);
    }

    [Fact]
    public async Task WaitForFinishAsync_returns_the_finished_job_and_stops_polling()
    {
        Job running = _server.Insert(JobStatus.Processing);
        _server.InsertMany(10);
        Task<Job> wait = Wait(running.TaskId, Timeout.InfiniteTimeSpan, TestEnd);
        Advance(12);
        Assert.False(wait.IsCompleted);

        _server.Change(_server.Jobs.Count - 1, JobStatus.Completed, JobResult.PartiallyFailed);
        Advance(5);

        Job finished = await wait.WaitAsync(TestEnd);
        Assert.Equal((running.TaskId, JobResult.PartiallyFailed), (finished.TaskId, finished.Result));
        AssertNoMorePolls();
    }

    [Fact]
    public async Task WaitForFinishAsync_throws_when_the_job_is_not_listed()
    {
        _server.InsertMany(10);
        Task<Job> wait = Wait("other", Timeout.InfiniteTimeSpan, TestEnd);
        Advance(29);
        Assert.False(wait.IsCompleted);
        Advance(11);

        Assert.Equal("other", (await Assert.ThrowsAsync<JobNotFoundException>(() => wait.WaitAsync(TestEnd))).TaskId);
        AssertNoMorePolls();
    }

    [Fact]
    public async Task WaitForFinishAsync_stops_polling_when_the_time_is_up()
    {
        Task<Job> wait = Wait(_server.Insert(JobStatus.Processing).TaskId, TimeSpan.FromSeconds(12), TestEnd);
        Advance(11);
        Assert.False(wait.IsCompleted);
        Advance(2);

        await Assert.ThrowsAsync<TimeoutException>(() => wait.WaitAsync(TestEnd));
        AssertNoMorePolls();
    }

    [Fact]
    public async Task WaitForFinishAsync_stops_polling_when_it_is_canceled()
    {
        using var cancel = new CancellationTokenSource();
        Task<Job> wait = Wait(_server.Insert(JobStatus.Processing).TaskId, Timeout.InfiniteTimeSpan, cancel.Token);
        Advance(1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(TestEnd));
        AssertNoMorePolls();
    }

    [Fact]
    public async Task WaitForFinishAsync_rejects_bad_arguments_and_requests_nothing()
    {
        await Assert.ThrowsAsync<ArgumentException>("taskId", () => _client.WaitForFinishAsync("", TestEnd));
        await Assert.ThrowsAsync<ArgumentNullException>("taskId", () => _client.FindJobAsync(null!, TestEnd));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("timeout", () => _client.WaitForFinishAsync("1", TimeSpan.FromSeconds(-2), TestEnd));
        await Assert.ThrowsAsync<JobsOptionsException>(() => _client.WaitForFinishAsync(
            "1", TimeSpan.Zero, new JobWatchOptions { PollInterval = TimeSpan.Zero }, cancellationToken: TestEnd));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task WaitForFinishAsync_uses_the_watch_of_a_fake_and_disposes_it()
    {
        using var fake = new FakeClient();

        Job finished = await fake.WaitForFinishAsync("1", TestEnd);

        Assert.Equal(("1", 1), (finished.TaskId, fake.Disposals));
    }

    [Fact]
    public async Task WaitForFinishAsync_returns_the_finished_job_over_sockets()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        string taskId = emulator.Jobs.Add(taskType: 2).TaskId;
        emulator.Jobs.Start(taskId);
        emulator.Jobs.Finish(taskId, taskResultCode: 1);
        using JobsClient client = TestClients.ToEmulator(emulator.Endpoint);

        Assert.True((await client.WaitForFinishAsync(taskId, TimeSpan.FromMinutes(1), TestEnd)).IsSucceeded);
        Assert.Equal(taskId, (await client.FindJobAsync(taskId, TestEnd))?.TaskId);
    }

    private Task<Job> Wait(string taskId, TimeSpan timeout, CancellationToken cancellationToken) =>
        _client.WaitForFinishAsync(taskId, timeout, new JobWatchOptions { Jitter = 0 }, new JobWatchServices { Scheduler = _scheduler }, cancellationToken);

    private void Advance(double seconds) => _scheduler.AdvanceBy(TimeSpan.FromSeconds(seconds).Ticks);

    private void AssertNoMorePolls()
    {
        int requests = _server.Requests.Count;
        Assert.NotEqual(0, requests);
        Advance(600);
        Assert.Equal(requests, _server.Requests.Count);
    }

    private sealed class FakeClient : JobsClient
    {
        public int Disposals { get; private set; }

        public override JobWatch WatchJobs(JobWatchOptions? options = null, JobWatchServices? services = null) => new FakeWatch(this);

        private sealed class FakeWatch(FakeClient client) : JobWatch
        {
            public override Task<Job> WaitForFinishAsync(string taskId, TimeSpan timeout, CancellationToken cancellationToken) =>
                Task.FromResult(new Job { TaskId = taskId });

            protected override ValueTask DisposeAsyncCore()
            {
                client.Disposals++;
                return base.DisposeAsyncCore();
            }
        }
    }
}
