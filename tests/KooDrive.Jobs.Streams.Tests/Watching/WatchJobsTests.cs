using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Watching;

/// <summary>From the client to the subscriber, over a list in memory and virtual time.</summary>
public sealed class WatchJobsTests : IDisposable
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private readonly InMemoryJobs _server = new();
    private readonly TestScheduler _scheduler = new();
    private readonly InMemoryJobsClient _client;

    public WatchJobsTests() => _client = new InMemoryJobsClient(_server);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Events_are_the_initial_snapshot_then_changes_also_for_late_subscribers()
    {
        _server.InsertMany(250);
        _server.Insert(JobStatus.Processing);
        await using JobWatch watch = Watch();
        List<string> received = Record(watch);
        Advance(1);
        Assert.Equal((251, 1), (received.Count(next => next.StartsWith("listed", StringComparison.Ordinal)), received.Count(next => next == "synced")));
        received.Clear();

        Job added = _server.Insert();
        _server.Change(1, JobStatus.Completed, JobResult.PartiallyFailed);
        Advance(5);
        List<string> late = Record(watch);
        Advance(5);

        Assert.Equal(["changed 1320279000000000251 Completed", $"added {added.TaskId}", "polled", "polled"], received);
        Assert.Equal(251 + 1 + 2, late.Count);
        Assert.Equal([$"listed {added.TaskId}", "synced", "polled"], late[^3..]);
        Assert.Equal([added], watch.UnfinishedJobs);
    }

    [Fact]
    public async Task Watch_sends_one_request_per_poll_for_a_day_when_the_list_is_idle()
    {
        const int PollsOfADay = 17_280 / PropertyRuns.Divisor;
        _server.InsertMany(300);
        await using JobWatch watch = Watch();
        var completed = new List<PollCompleted>();
        using IDisposable subscription = watch.Events.OfType<PollCompleted>().Subscribe(completed.Add);

        _scheduler.AdvanceTo(TimeSpan.FromSeconds(5 * PollsOfADay).Ticks);

        Assert.Equal(PollsOfADay, completed.Count);
        Assert.InRange(completed.Average(poll => poll.RequestCount), 1, 1.02);
        Assert.Equal(_server.Requests.Count, completed.Sum(poll => poll.RequestCount));
    }

    [Fact]
    public async Task WaitForFinishAsync_throws_when_the_job_is_removed()
    {
        _server.InsertMany(3);
        Job job = _server.Insert(JobStatus.Processing);
        await using JobWatch watch = Watch();
        Task<Job> waiting = watch.WaitForFinishAsync(job.TaskId, None);
        Advance(1);

        _server.Delete(0);
        Advance(30);

        Assert.Equal(job.TaskId, (await Assert.ThrowsAsync<JobNotFoundException>(() => waiting)).LastObserved?.TaskId);
    }

    [Fact]
    public async Task WaitForFinishAsync_finds_an_old_job_and_rejects_an_unknown_job()
    {
        _server.InsertMany(1_500);
        await using JobWatch watch = Watch(new JobWatchOptions { Jitter = 0, MaxRetainedFinishedJobs = 10, NotFoundGracePeriod = TimeSpan.Zero });
        using IDisposable subscription = watch.Events.Subscribe(_ => { });
        Advance(1);
        Job oldest = _server.Jobs[^1];

        Task<Job> waiting = watch.WaitForFinishAsync(oldest.TaskId, None);
        Task<Job> unknown = watch.WaitForFinishAsync("unknown", None);
        Advance(0.1);

        Assert.Equal(oldest, await waiting);
        await Assert.ThrowsAsync<JobNotFoundException>(() => unknown);
    }

    [Fact]
    public async Task WatchJobs_sends_the_type_filter_with_polls_and_lookups()
    {
        _server.Insert(JobStatus.Processing, type: JobType.BatchDeletion);
        Job other = _server.Insert(JobStatus.Processing, type: JobType.BatchRelocation);
        await using JobWatch watch = Watch(new JobWatchOptions { Jitter = 0, Type = JobType.BatchDeletion, NotFoundGracePeriod = TimeSpan.Zero });
        List<string> received = Record(watch);
        Task<Job> waiting = watch.WaitForFinishAsync(other.TaskId, None);
        Advance(1);

        Assert.Equal(2, received.IndexOf("polled"));
        await Assert.ThrowsAsync<JobNotFoundException>(() => waiting);
    }

    [Fact]
    public async Task WatchJobs_commits_nothing_when_a_request_of_a_poll_fails()
    {
        _server.InsertMany(250);
        await using JobWatch watch = Watch();
        List<string> received = Record(watch);
        int requests = 0;
        _server.BeforeRequest = () =>
        {
            if (++requests == 2)
            {
                throw new JobsServerException("down");
            }
        };

        Advance(6);

        Assert.Equal("failed 1 5", received[0]);
        Assert.Equal(250, received.Count(next => next.StartsWith("listed", StringComparison.Ordinal)));
        Assert.Single(received, "synced");
    }

    [Fact]
    public async Task ProcessAsync_loses_no_final_state_when_the_process_dies_between_polls()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("watch-");
        try
        {
            var store = new FileJobCheckpointStore(Path.Combine(folder.FullName, "jobs.checkpoint"));
            var received = new Dictionary<string, Job>();
            var random = new Random(1);
            _server.InsertMany(120);
            for (int life = 0; life < 30; life++)
            {
                await using JobWatch watch = Watch();
                Task processing = watch.ProcessAsync(
                    (next, _) =>
                    {
                        // Occasionally, the handler dies before the event is acknowledged.
                        if (random.Next(20) == 0)
                        {
                            throw new InvalidOperationException("the process died");
                        }

                        if (next is JobListed or JobChange)
                        {
                            Job job = (next as JobListed)?.Job ?? ((JobChange)next).Job;
                            received[job.TaskId] = job;
                        }

                        return ValueTask.CompletedTask;
                    },
                    store,
                    None);
                for (int poll = 0; poll < random.Next(1, 4); poll++)
                {
                    Live(random);
                    Advance(5);
                }

                Live(random);
                await watch.DisposeAsync();
                _ = await Xunit.Record.ExceptionAsync(() => processing);
            }

            await using JobWatch last = Watch();
            _ = last.ProcessAsync(
                (next, _) =>
                {
                    if (next is JobListed or JobChange)
                    {
                        Job job = (next as JobListed)?.Job ?? ((JobChange)next).Job;
                        received[job.TaskId] = job;
                    }

                    return ValueTask.CompletedTask;
                },
                store,
                None);
            Advance(1);

            Assert.True(_server.Jobs.Count > 150);
            Assert.All(_server.Jobs, job => Assert.Equal((job.TaskId, job.Status, job.Result), (received[job.TaskId].TaskId, received[job.TaskId].Status, received[job.TaskId].Result)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void WatchJobs_rejects_invalid_options_before_any_request()
    {
        Assert.Throws<JobsOptionsException>(() => _client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.Zero }));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task WatchJobs_ignores_later_changes_of_the_options()
    {
        var options = new JobWatchOptions { Jitter = 0 };
        await using JobWatch watch = Watch(options);

        (options.PollInterval, options.Type) = (TimeSpan.FromHours(1), (JobType)(-1));
        List<string> received = Record(watch);
        Advance(11);

        Assert.Equal(["synced", "polled", "polled", "polled"], received);
    }

    [Fact]
    public async Task WatchJobs_uses_timers_and_the_thread_pool_without_a_scheduler()
    {
        _server.Insert(JobStatus.Processing);
        await using JobWatch watch = _client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1) });
        IObservable<int> polled = watch.Events.OfType<PollCompleted>().Take(3).Count().Timeout(TimeSpan.FromSeconds(60));

        Assert.Equal(3, await polled);
    }

    private static List<string> Record(JobWatch watch)
    {
        var received = new List<string>();
        _ = watch.Events.Subscribe(next => received.Add(WatchUnderTest.Describe(next)));
        return received;
    }

    private JobWatch Watch(JobWatchOptions? options = null) =>
        _client.WatchJobs(options ?? new JobWatchOptions { Jitter = 0 }, new JobWatchServices { Scheduler = _scheduler });

    private void Advance(double seconds) => _scheduler.AdvanceBy(TimeSpan.FromSeconds(seconds).Ticks);

    private void Live(Random random)
    {
        for (int step = random.Next(6); step > 0; step--)
        {
            _server.Now++;
            if (random.Next(2) == 0)
            {
                _server.Insert();
            }
            else
            {
                int index = random.Next(Math.Min(40, _server.Jobs.Count));
                if (!_server.Jobs[index].IsFinished)
                {
                    _server.Change(index, (JobStatus)random.Next(1, 4), JobResult.AllSucceeded);
                }
            }
        }
    }
}
