using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

public class JobPollerTests
{
    [Fact]
    public async Task PollAsync_reads_the_first_page_again_when_the_list_shifts()
    {
        var watched = new WatchedServer(new PollingOptions { PageSize = 10 });
        watched.Jobs.InsertMany(50);
        await watched.PollUntilIdleAsync();
        Assert.NotNull(watched.Poller.Tracker.UnchangedPage);
        watched.Jobs.InsertMany(25);
        int requests = 0;
        watched.Jobs.BeforeRequest = () => watched.Jobs.Delete(0, ++requests == 3 ? 12 : 0);

        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(23, outcome.Events.OfType<JobAdded>().Count());
        Assert.InRange(requests, 3, 20);
    }

    [Fact]
    public async Task PollAsync_publishes_WatchSynced_for_an_empty_list_and_then_JobAdded()
    {
        var watched = new WatchedServer();

        Assert.Equal(["synced"], await watched.DescribePollAsync());
        watched.Jobs.Insert();
        Assert.Equal(["added 01 Pending"], await watched.DescribePollAsync());
    }

    [Fact]
    public async Task PollAsync_publishes_the_initial_snapshot_oldest_job_first()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(2);
        watched.Jobs.Insert();

        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(["01", "02", "03"], outcome.Events.OfType<JobListed>().Select(listed => listed.Job.TaskId[^2..]));
        Assert.IsType<WatchSynced>(outcome.Events[^1]);
        Assert.All(outcome.Events, received => Assert.Equal((1, WatchedServer.ObservedAt.AddSeconds(watched.Jobs.Now)), (received.Poll, received.ObservedAt)));
        Assert.True(outcome.WasFullScan);
    }

    [Fact]
    public async Task PollAsync_publishes_each_difference_once_oldest_job_first()
    {
        var watched = new WatchedServer();
        Job old = watched.Jobs.Insert();
        watched.Jobs.Now++;
        Job young = watched.Jobs.Insert();
        await watched.PollAsync();

        watched.Change(young.TaskId, JobStatus.Processing);
        watched.Change(old.TaskId, JobStatus.Processing);
        watched.Change(old.TaskId, JobStatus.Completed, JobResult.PartiallyFailed);
        watched.Jobs.Insert(JobStatus.Completed, JobResult.AllFailed);
        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal([old.TaskId, young.TaskId], outcome.Events.OfType<JobChanged>().Select(change => change.Job.TaskId));
        Assert.Equal([true, false, true], outcome.Events.Cast<JobChange>().Select(change => change.JustFinished));
        Assert.Equal(old, ((JobChange)outcome.Events[0]).Previous);
        Assert.Empty(await watched.DescribePollAsync());
    }

    [Fact]
    public async Task PollAsync_publishes_a_change_of_the_result_alone_and_a_regression()
    {
        var watched = new WatchedServer();
        Job job = watched.Jobs.Insert(JobStatus.Completed);
        await watched.PollAsync();

        watched.Change(job.TaskId, JobStatus.Completed, JobResult.AllFailed);
        JobChanged change = Assert.IsType<JobChanged>(Assert.Single((await watched.PollAsync()).Events));
        Assert.Equal((false, true, false, false), (change.StatusChanged, change.ResultChanged, change.JustFinished, change.IsRegression));

        watched.Change(job.TaskId, JobStatus.Processing);
        Assert.Empty((await watched.PollAsync()).Events);
        Assert.True(Assert.IsType<JobChanged>(Assert.Single((await watched.PollAsync()).Events)).IsRegression);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(0)]
    public async Task PollAsync_does_not_publish_a_regression_that_one_poll_observes(int retainedFinished)
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = retainedFinished });
        watched.Jobs.InsertMany(300);
        Job job = watched.Jobs.Insert(JobStatus.Processing);
        await watched.PollAsync();
        Job[] lagging = [.. watched.Jobs.Jobs];
        watched.Change(job.TaskId, JobStatus.Completed, JobResult.AllSucceeded);
        Assert.Equal(["changed 01 Processing to Completed"], await watched.DescribePollAsync());

        for (int poll = 0; poll < 6; poll++)
        {
            watched.Jobs.Stale = poll % 2 == 0 ? lagging : null;
            PollOutcome outcome = await watched.PollAsync();
            Assert.Empty(outcome.Events);
            Assert.All(outcome.Snapshot, one => Assert.True(one.IsFinished));
        }
    }

    [Fact]
    public async Task PollAsync_publishes_the_final_state_again_after_an_unsaved_regression()
    {
        var watched = new WatchedServer();
        Job job = watched.Jobs.Insert(JobStatus.Completed, JobResult.AllSucceeded);
        await watched.PollAsync();
        watched.Change(job.TaskId, JobStatus.Processing);
        await watched.PollAsync();
        TrackerState saved = watched.Poller.Export();
        Assert.Equal(["changed 01 Completed to Processing"], await watched.DescribePollAsync());

        // The process dies before the save, and then the job completes again.
        watched.Change(job.TaskId, JobStatus.Completed, JobResult.AllSucceeded);
        watched.Restart(saved);

        Assert.Equal(["synced", "changed 01 Processing to Completed"], await watched.DescribePollAsync());
        Assert.Empty(await watched.DescribePollAsync());
    }

    [Fact]
    public async Task PollAsync_publishes_a_regression_when_a_restart_separates_its_observations()
    {
        var watched = new WatchedServer();
        Job job = watched.Jobs.Insert(JobStatus.Completed, JobResult.AllSucceeded);
        await watched.PollAsync();
        watched.Change(job.TaskId, JobStatus.Processing);
        await watched.PollAsync();
        watched.Restart(watched.Poller.Export());

        Assert.Equal(["synced", "changed 01 Completed to Processing"], await watched.DescribePollAsync());
    }

    [Theory]
    [InlineData(JobStatus.Processing, "vanished 01 Processing")]
    [InlineData(JobStatus.Completed, null)]
    public async Task PollAsync_treats_an_id_with_a_later_creation_time_as_another_job(JobStatus status, string? expected)
    {
        var watched = new WatchedServer();
        Job old = watched.Jobs.Insert(status);
        await watched.PollAsync();
        watched.Delete(old.TaskId);
        watched.Jobs.Insert(taskId: old.TaskId);

        string[] events = await watched.DescribePollAsync();

        Assert.Equal(expected is null ? ["added 01 Pending"] : [expected, "added 01 Pending"], events);
        Assert.Equal(watched.Jobs.Jobs, (await watched.PollAsync()).Snapshot);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PollAsync_publishes_late_jobs_and_jobs_of_the_same_second_once(bool restarts)
    {
        var watched = new WatchedServer(jobs: new InMemoryJobs { TieOrder = new Random(3) });
        watched.Jobs.InsertMany(300);
        watched.Jobs.Insert();
        await watched.PollAsync();
        if (restarts)
        {
            watched.Restart(watched.Poller.Export());
            await watched.PollAsync();
        }

        Job same = watched.Jobs.Insert(late: restarts ? 10 : 5);
        Job late = watched.Jobs.Insert(JobStatus.Completed, late: 50);
        List<JobEvent> events = [];
        for (int poll = 0; poll < 40; poll++)
        {
            events.AddRange((await watched.PollAsync()).Events);
        }

        Assert.Equal([late, same], events.Select(received => Assert.IsType<JobAdded>(received).Job));
    }

    [Fact]
    public async Task PollAsync_publishes_JobVanished_after_two_completed_polls_without_a_job()
    {
        var watched = new WatchedServer();
        Job job = watched.Jobs.Insert(JobStatus.Processing);
        await watched.PollAsync();

        watched.Delete(job.TaskId);
        Assert.Empty(await watched.DescribePollAsync());
        watched.Jobs.BeforeRequest = () => throw new JobsServerException("A failure of the test's.");
        await Assert.ThrowsAsync<JobsServerException>(watched.PollAsync);
        watched.Jobs.BeforeRequest = null;
        Assert.Equal(["vanished 01 Processing"], await watched.DescribePollAsync());
        Assert.Empty(await watched.DescribePollAsync());
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_000, true)]
    [InlineData(0, false)]
    [InlineData(0, true)]
    public async Task PollAsync_does_not_publish_finished_jobs_again_when_the_list_was_empty_for_some_polls(int retained, bool restarts)
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = retained });
        watched.Jobs.InsertMany(30);
        await watched.PollAsync();

        watched.Jobs.MaxLimit = 0;
        for (int poll = 0; poll < 5; poll++)
        {
            Assert.DoesNotContain(await watched.DescribePollAsync(), received => received is not "synced");
            if (restarts)
            {
                watched.Restart(watched.Poller.Tracker.Export());
            }
        }

        watched.Jobs.MaxLimit = 100;
        Assert.DoesNotContain((await watched.PollAsync()).Events, received => received is JobChange);
        Assert.Empty(await watched.DescribePollAsync());

        watched.Jobs.Insert();
        Assert.Equal(["added 31 Pending"], await watched.DescribePollAsync());
    }

    [Fact]
    public async Task PollAsync_does_not_publish_JobVanished_when_the_length_of_the_pages_varies()
    {
        var random = new Random(1);
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(150);
        watched.Jobs.Insert(JobStatus.Processing);
        watched.Jobs.InsertMany(250);
        await watched.PollAsync();

        watched.Jobs.BeforeRequest = () => watched.Jobs.MaxLimit = random.Next(30, 101);
        for (int poll = 0; poll < 100; poll++)
        {
            Assert.Empty(await watched.DescribePollAsync());
        }
    }

    [Fact]
    public async Task PollAsync_publishes_JobVanished_for_a_deep_job_without_a_full_scan()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(3_000);
        watched.Jobs.Change(1_500, JobStatus.Processing);
        await watched.PollAsync();

        watched.Jobs.Delete(1_500);
        watched.Jobs.Delete(1_000);
        PollOutcome first = await watched.PollAsync();
        PollOutcome second = await watched.PollAsync();

        Assert.Empty(first.Events);
        Assert.IsType<JobVanished>(Assert.Single(second.Events));
        Assert.Equal((2, 2), (first.RequestCount, second.RequestCount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task PollAsync_commits_nothing_when_any_request_fails(int failing)
    {
        // Windows need more requests than the filtered lists here: two lists, the head, and a window for the finished job.
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(3_000);
        foreach (int index in Enumerable.Range(1, 10))
        {
            watched.Jobs.Change(index * 290, index % 2 == 0 ? JobStatus.Pending : JobStatus.Processing);
        }

        await watched.PollAsync();
        watched.Jobs.Insert();
        watched.Jobs.Change((3 * 290) + 1, JobStatus.Completed, JobResult.AllSucceeded);
        int sent = 0;
        watched.Jobs.BeforeRequest = () =>
        {
            if (++sent == failing)
            {
                throw new JobsServerException("A failure of the test's.");
            }
        };

        await Assert.ThrowsAsync<JobsServerException>(watched.PollAsync);
        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(4, outcome.RequestCount);
        Assert.Collection(
            outcome.Events,
            received => Assert.True(Assert.IsType<JobChanged>(received).JustSucceeded),
            received => Assert.IsType<JobAdded>(received));
    }

    [Fact]
    public async Task PollAsync_commits_nothing_when_canceled()
    {
        var watched = new WatchedServer();
        watched.Jobs.Insert();
        using var stop = new CancellationTokenSource();
        watched.Jobs.BeforeRequest = stop.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watched.Poller.PollAsync(1, stop.Token));

        watched.Jobs.BeforeRequest = null;
        Assert.Equal(["listed 01 Pending", "synced"], await watched.DescribePollAsync());
    }

    [Fact]
    public async Task PollAsync_throws_when_canceled_before_an_unchanged_page()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(300);
        await watched.PollAsync();
        await watched.PollAsync();
        using var stop = new CancellationTokenSource();

        // The server responds nevertheless.
        watched.Jobs.BeforeRequest = stop.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watched.Poller.PollAsync(3, stop.Token));
    }

    [Fact]
    public async Task PollAsync_commits_nothing_when_canceled_during_an_unchanged_page()
    {
        var watched = new WatchedServer(new PollingOptions { PageSize = 10 });
        watched.Jobs.InsertMany(50);
        await watched.PollUntilIdleAsync();
        Assert.NotNull(watched.Poller.Tracker.UnchangedPage);
        int pollsBefore = watched.Poller.Export().PollsSinceFullScan;
        using var stop = new CancellationTokenSource();
        watched.Jobs.BeforeRequest = stop.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watched.Poller.PollAsync(41, stop.Token));

        Assert.Equal(pollsBefore, watched.Poller.Export().PollsSinceFullScan);
    }

    [Fact]
    public async Task PollAsync_commits_nothing_when_canceled_during_the_last_page()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(150);
        Job deep = watched.Jobs.Insert(JobStatus.Processing);
        watched.Jobs.InsertMany(150);
        await watched.PollAsync();
        watched.Change(deep.TaskId, JobStatus.Completed);
        using var stop = new CancellationTokenSource();
        int sent = 0;
        watched.Jobs.BeforeRequest = () =>
        {
            if (++sent == 2)
            {
                stop.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watched.Poller.PollAsync(2, stop.Token));

        Assert.Equal(2, sent);
        Assert.Single(await watched.DescribePollAsync());
    }

    [Fact]
    public async Task Snapshot_contains_the_jobs_of_the_last_poll_after_combined_changes()
    {
        var watched = new WatchedServer();
        Job[] jobs = [.. Enumerable.Range(0, 4).Select(_ => watched.Jobs.Insert(JobStatus.Processing))];
        await watched.PollAsync();

        watched.Change(jobs[0].TaskId, JobStatus.Completed);
        await CheckAsync();
        watched.Change(jobs[0].TaskId, JobStatus.Processing);
        watched.Change(jobs[1].TaskId, JobStatus.Completed);
        await watched.PollAsync();
        await CheckAsync();
        watched.Change(jobs[2].TaskId, JobStatus.Completed);
        watched.Jobs.Insert();
        await CheckAsync();
        watched.Delete(jobs[3].TaskId);
        await watched.PollAsync();
        watched.Change(jobs[2].TaskId, JobStatus.Processing);
        await watched.PollAsync();
        await CheckAsync();
        watched.Delete(jobs[0].TaskId);
        await watched.PollAsync();
        await CheckAsync();

        async Task CheckAsync() => Assert.Equal(watched.Jobs.Jobs.Reverse(), (await watched.PollAsync()).Snapshot);
    }

    [Fact]
    public async Task Snapshot_drops_a_finished_job_silently_when_full_scans_do_not_observe_it()
    {
        var watched = new WatchedServer(new PollingOptions { PollsPerFullScan = 1 });
        watched.Jobs.InsertMany(3);
        watched.Jobs.Insert(JobStatus.Processing);
        await watched.PollAsync();

        watched.Jobs.Delete(1);
        await watched.PollAsync();
        PollOutcome outcome = await watched.PollAsync();

        Assert.Empty(outcome.Events);
        Assert.Equal(watched.Jobs.Jobs.Reverse(), outcome.Snapshot);
    }

    [Fact]
    public async Task Snapshot_excludes_restored_jobs_that_were_not_observed_after_a_restart()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(3_000);
        Job hidden = watched.Jobs.Jobs[2_000];
        watched.Change(hidden.TaskId, JobStatus.Processing);
        watched.Jobs.Insert(JobStatus.Processing);
        await watched.PollAsync();

        watched.Restart(watched.Poller.Tracker.Export());
        watched.Jobs.Hidden = hidden.TaskId;
        PollOutcome outcome = await watched.PollAsync();

        Assert.Contains(watched.Jobs.Jobs[0], outcome.Snapshot);
        Assert.DoesNotContain(outcome.Snapshot, job => job.TaskId == hidden.TaskId);
    }

    [Fact]
    public async Task Snapshot_is_current_when_a_job_vanishes_while_another_changes()
    {
        var watched = new WatchedServer();
        Job changed = watched.Jobs.Insert(JobStatus.Processing), removed = watched.Jobs.Insert(JobStatus.Processing);
        watched.Jobs.Now += 100;
        await watched.PollAsync();
        watched.Delete(removed.TaskId);
        await watched.PollAsync();
        watched.Change(changed.TaskId, JobStatus.Completed);

        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(2, outcome.Events.Count);
        Assert.Equal(watched.Jobs.Jobs, outcome.Snapshot);
    }

    [Fact]
    public async Task Snapshot_contains_a_restored_job_whose_regression_is_not_confirmed_yet()
    {
        var watched = new WatchedServer();
        Job job = watched.Jobs.Insert(JobStatus.Completed, JobResult.AllSucceeded);
        await watched.PollAsync();
        watched.Restart(watched.Poller.Export());
        watched.Change(job.TaskId, JobStatus.Processing);

        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(job, Assert.Single(outcome.Snapshot));
    }

    [Fact]
    public async Task PollAsync_treats_an_id_with_a_later_creation_time_as_another_job_in_an_unsorted_list()
    {
        var watched = new WatchedServer();
        watched.Jobs.HasCreationTimes = false;
        watched.Jobs.Insert(JobStatus.Completed);
        watched.Jobs.HasCreationTimes = true;
        Job old = watched.Jobs.Insert(JobStatus.Processing);
        await watched.PollAsync();
        Assert.Empty(await watched.DescribePollAsync());
        watched.Delete(old.TaskId);
        watched.Jobs.Insert(taskId: old.TaskId);

        Assert.Equal(["vanished 02 Processing", "added 02 Pending"], await watched.DescribePollAsync());
    }

    [Fact]
    public async Task Export_contains_the_restored_disorder_until_the_list_is_read_again()
    {
        var watched = new WatchedServer();
        watched.Jobs.Insert(JobStatus.Completed, JobResult.AllSucceeded);
        watched.Jobs.Now -= 7;
        watched.Jobs.InsertMany(500);
        await watched.PollAsync();
        Assert.Equal(7, watched.Poller.Export().Disorder);

        watched.Restart(watched.Poller.Export());
        Assert.False((await watched.PollAsync()).WasFullScan);

        Assert.Equal(7, watched.Poller.Export().Disorder);
    }

    [Fact]
    public async Task Export_contains_only_finished_jobs_above_the_floor()
    {
        var watched = new WatchedServer(new PollingOptions { PageSize = 4 });
        watched.Jobs.InsertMany(200);
        await watched.PollAsync();

        TrackerState state = watched.Poller.Export();

        Assert.Equal(60, state.Finished.Count);
        Assert.All(state.Finished, saved => Assert.True(saved.CreateTime > state.Floor));
        Assert.Empty(state.Recent);
    }

    [Fact]
    public async Task PollAsync_publishes_changes_after_WatchSynced_when_restored()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(3_000);
        string changed = watched.Jobs.Jobs[2_000].TaskId;
        watched.Change(changed, JobStatus.Processing);
        Job waiting = watched.Jobs.Insert();
        Job finished = watched.Jobs.Insert(JobStatus.Completed);
        await watched.PollAsync();
        TrackerState state = watched.Poller.Tracker.Export();

        watched.Change(changed, JobStatus.Canceled);
        watched.Change(finished.TaskId, JobStatus.Completed, JobResult.AllFailed);
        watched.Jobs.Insert(JobStatus.Completed, JobResult.AllSucceeded);
        watched.Restart(state);
        PollOutcome outcome = await watched.PollAsync();

        int synced = outcome.Events.Index().Single(received => received.Item is WatchSynced).Index;
        Assert.All(outcome.Events.Take(synced), received => Assert.IsType<JobListed>(received));
        Assert.Contains(waiting, outcome.Events.OfType<JobListed>().Select(received => received.Job));
        Assert.Collection(
            outcome.Events.Skip(synced + 1),
            received => Assert.Equal((changed, JobStatus.Processing, true), Describe(received)),
            received => Assert.Equal((finished.TaskId, JobStatus.Completed, false), Describe(received)),
            received => Assert.True(Assert.IsType<JobAdded>(received).JustSucceeded));
        Assert.InRange(outcome.RequestCount, 1, 3);

        static (string, JobStatus?, bool) Describe(JobEvent received) =>
            (Assert.IsType<JobChanged>(received).Job.TaskId, ((JobChanged)received).Previous!.Status, ((JobChanged)received).JustFinished);
    }

    [Fact]
    public async Task PollAsync_counts_polls_and_misses_over_processes_that_poll_once()
    {
        var watched = new WatchedServer(new PollingOptions { PollsPerFullScan = 10 });
        watched.Jobs.InsertMany(300);
        watched.Jobs.Insert(JobStatus.Processing);
        Job running = watched.Jobs.Insert(JobStatus.Processing);
        await watched.PollAsync();
        watched.Delete(running.TaskId);
        List<string> received = [];
        for (int call = 1; call <= 10; call++)
        {
            watched.Restart(CheckpointFormat.Read(CheckpointFormat.Write(watched.Poller.Tracker.Export()), type: null, new MemoryCheckpointStore()));
            PollOutcome outcome = await watched.PollAsync();
            received.AddRange(outcome.Events.OfType<JobVanished>().Select(vanished => $"vanished {call} {vanished.Job.TaskId}"));
            received.AddRange(outcome.WasFullScan ? [$"scan {call}"] : []);
        }

        Assert.Equal([$"vanished 2 {running.TaskId}", "scan 10"], received);
    }

    [Fact]
    public void Constructor_rejects_a_state_with_another_type_filter()
    {
        var state = new TrackerState { Type = JobType.BatchDeletion, Unfinished = [], Finished = [], Recent = [] };

        ArgumentException exception = Assert.Throws<ArgumentException>(() => new JobTracker(new PollingOptions(), state));
        Assert.Contains("another type", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_limits_the_disorder_of_a_state()
    {
        var state = new TrackerState { Unfinished = [], Finished = [], Recent = [], Disorder = decimal.MaxValue };

        Assert.Empty(new JobTracker(new PollingOptions(), state).Snapshot);
    }

    [Fact]
    public void Export_throws_before_the_first_completed_poll()
    {
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => new JobTracker(new PollingOptions()).Export());
        Assert.Contains("first completed poll", exception.Message, StringComparison.Ordinal);
    }
}
