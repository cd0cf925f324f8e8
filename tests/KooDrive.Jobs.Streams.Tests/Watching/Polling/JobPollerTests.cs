using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

public class JobPollerTests
{
    [Fact]
    public async Task PollAsync_reads_the_first_page_again_when_the_list_shifts_after_a_quiet_poll()
    {
        var watched = new WatchedServer(new PollingOptions { PageSize = 10 });
        watched.Jobs.InsertMany(50);
        for (int poll = 0; poll < 40; poll++)
        {
            await watched.PollAsync();
        }

        Assert.True(watched.Poller.Tracker.MayBeQuiet);
        watched.Jobs.InsertMany(25);
        int requests = 0;
        watched.Jobs.BeforeRequest = () => watched.Jobs.Delete(0, ++requests == 2 ? 12 : 0);

        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(23, outcome.Events.OfType<JobAdded>().Count());
        Assert.InRange(requests, 3, 20);
    }

    [Fact]
    public async Task W3_PollAsync_tells_an_empty_list_as_synced_and_the_first_job_as_news()
    {
        var watched = new WatchedServer();

        Assert.Equal(["synced"], await watched.TellAsync());
        watched.Jobs.Insert();
        Assert.Equal(["added 01 Pending"], await watched.TellAsync());
    }

    [Fact]
    public async Task W3_PollAsync_tells_what_is_there_as_history_oldest_first()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(2);
        watched.Jobs.Insert();

        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(["01", "02", "03"], outcome.Events.OfType<JobListed>().Select(listed => listed.Job.TaskId[^2..]));
        Assert.IsType<WatchSynced>(outcome.Events[^1]);
        Assert.All(outcome.Events, told => Assert.Equal((1, WatchedServer.ObservedAt.AddSeconds(watched.Jobs.Now)), (told.Poll, told.ObservedAt)));
        Assert.True(outcome.WasFullPass);
    }

    [Fact]
    public async Task W1_PollAsync_tells_each_difference_once_oldest_job_first()
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
        Assert.Empty(await watched.TellAsync());
    }

    [Fact]
    public async Task W1_PollAsync_tells_a_change_of_the_result_alone_and_a_move_backwards()
    {
        var watched = new WatchedServer();
        Job job = watched.Jobs.Insert(JobStatus.Completed);
        await watched.PollAsync();

        watched.Change(job.TaskId, JobStatus.Completed, JobResult.AllFailed);
        var change = Assert.IsType<JobChanged>(Assert.Single((await watched.PollAsync()).Events));
        Assert.Equal((false, true, false, false), (change.StatusChanged, change.ResultChanged, change.JustFinished, change.IsRegression));

        watched.Change(job.TaskId, JobStatus.Processing);
        Assert.Empty((await watched.PollAsync()).Events);
        Assert.True(Assert.IsType<JobChanged>(Assert.Single((await watched.PollAsync()).Events)).IsRegression);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(0)]
    public async Task W1_a_regression_that_one_poll_alone_observes_is_not_published(int retainedFinished)
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = retainedFinished });
        watched.Jobs.InsertMany(300);
        Job job = watched.Jobs.Insert(JobStatus.Processing);
        await watched.PollAsync();
        Job[] lagging = [.. watched.Jobs.Jobs];
        watched.Change(job.TaskId, JobStatus.Completed, JobResult.AllSucceeded);
        Assert.Equal(["changed 01 Processing to Completed"], await watched.TellAsync());

        for (int poll = 0; poll < 6; poll++)
        {
            watched.Jobs.Stale = poll % 2 == 0 ? lagging : null;
            PollOutcome outcome = await watched.PollAsync();
            Assert.Empty(outcome.Events);
            Assert.All(outcome.Snapshot, one => Assert.True(one.IsFinished));
        }
    }

    [Fact]
    public async Task W10_the_final_state_is_published_again_when_a_regression_may_have_been_published_unsaved()
    {
        var watched = new WatchedServer();
        Job job = watched.Jobs.Insert(JobStatus.Completed, JobResult.AllSucceeded);
        await watched.PollAsync();
        watched.Change(job.TaskId, JobStatus.Processing);
        await watched.PollAsync();
        TrackerState saved = watched.Poller.Export();
        Assert.Equal(["changed 01 Completed to Processing"], await watched.TellAsync());

        // The process dies before it saves; meanwhile the job completes again.
        watched.Change(job.TaskId, JobStatus.Completed, JobResult.AllSucceeded);
        watched.Restart(saved);

        Assert.Equal(["synced", "changed 01 Processing to Completed"], await watched.TellAsync());
        Assert.Empty(await watched.TellAsync());
    }

    [Fact]
    public async Task W10_a_regression_is_published_after_a_restart_that_comes_between_its_two_observations()
    {
        var watched = new WatchedServer();
        Job job = watched.Jobs.Insert(JobStatus.Completed, JobResult.AllSucceeded);
        await watched.PollAsync();
        watched.Change(job.TaskId, JobStatus.Processing);
        await watched.PollAsync();
        watched.Restart(watched.Poller.Export());

        Assert.Equal(["synced", "changed 01 Completed to Processing"], await watched.TellAsync());
    }

    [Theory]
    [InlineData(JobStatus.Processing, "vanished 01 Processing")]
    [InlineData(JobStatus.Completed, null)]
    public async Task W5_an_id_that_is_listed_with_a_later_creation_time_is_another_job(JobStatus status, string? expected)
    {
        var watched = new WatchedServer();
        Job old = watched.Jobs.Insert(status);
        await watched.PollAsync();
        watched.Delete(old.TaskId);
        watched.Jobs.Insert(taskId: old.TaskId);

        string[] events = await watched.TellAsync();

        Assert.Equal(expected is null ? ["added 01 Pending"] : [expected, "added 01 Pending"], events);
        Assert.Equal(watched.Jobs.Jobs, (await watched.PollAsync()).Snapshot);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task W1_a_job_of_the_same_second_and_a_late_one_are_added_once(bool restarts)
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

        Assert.Equal([late, same], events.Select(told => Assert.IsType<JobAdded>(told).Job));
    }

    [Fact]
    public async Task W5_a_job_vanishes_after_two_completed_polls_without_it()
    {
        var watched = new WatchedServer();
        Job job = watched.Jobs.Insert(JobStatus.Processing);
        await watched.PollAsync();

        watched.Delete(job.TaskId);
        Assert.Empty(await watched.TellAsync());
        watched.Jobs.BeforeRequest = () => throw new JobsServerException("A failure of the test's.");
        await Assert.ThrowsAsync<JobsServerException>(watched.PollAsync);
        watched.Jobs.BeforeRequest = null;
        Assert.Equal(["vanished 01 Processing"], await watched.TellAsync());
        Assert.Empty(await watched.TellAsync());
    }

    [Fact]
    public async Task W5_a_deep_job_vanishes_without_a_full_pass_as_its_neighbours_stand_side_by_side()
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
        Assert.Equal((2, 2), (first.Requests, second.Requests));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task W6_a_poll_that_fails_at_any_request_commits_nothing(int failing)
    {
        // Windows are dearer than the filtered lists here: two of those, the head, and a window for the job that finished.
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

        Assert.Equal(4, outcome.Requests);
        Assert.Collection(
            outcome.Events,
            told => Assert.True(Assert.IsType<JobChanged>(told).JustSucceeded),
            told => Assert.IsType<JobAdded>(told));
    }

    [Fact]
    public async Task PollAsync_passes_the_cancellation_on_and_commits_nothing()
    {
        var watched = new WatchedServer();
        watched.Jobs.Insert();
        using var stop = new CancellationTokenSource();
        watched.Jobs.BeforeRequest = stop.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watched.Poller.PollAsync(1, stop.Token));

        watched.Jobs.BeforeRequest = null;
        Assert.Equal(["listed 01 Pending", "synced"], await watched.TellAsync());
    }

    [Fact]
    public async Task PollAsync_that_is_canceled_is_not_completed_by_a_page_that_changes_nothing()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(300);
        await watched.PollAsync();
        await watched.PollAsync();
        using var stop = new CancellationTokenSource();

        // The server answers all the same.
        watched.Jobs.BeforeRequest = stop.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watched.Poller.PollAsync(3, stop.Token));
    }

    [Fact]
    public async Task PollAsync_that_is_canceled_while_its_last_page_is_read_commits_nothing()
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
        Assert.Single(await watched.TellAsync());
    }

    [Fact]
    public async Task The_snapshot_is_that_of_the_poll_whatever_happened_together()
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
    public async Task W5_a_finished_job_that_full_passes_do_not_see_leaves_the_snapshot_without_a_word()
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
    public async Task W10_what_was_not_seen_since_a_restart_is_no_part_of_the_snapshot()
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
    public async Task Export_holds_the_finished_jobs_above_the_floor_alone()
    {
        var watched = new WatchedServer(new PollingOptions { PageSize = 4 });
        watched.Jobs.InsertMany(200);
        await watched.PollAsync();

        TrackerState state = watched.Poller.Export();

        Assert.Equal(60, state.Finished.Count);
        Assert.All(state.Finished, known => Assert.True(known.CreateTime > state.Floor));
        Assert.Empty(state.Recent);
    }

    [Fact]
    public async Task W10_after_a_restart_what_changed_meanwhile_is_told_behind_WatchSynced()
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

        int synced = outcome.Events.Index().Single(told => told.Item is WatchSynced).Index;
        Assert.All(outcome.Events.Take(synced), told => Assert.IsType<JobListed>(told));
        Assert.Contains(waiting, outcome.Events.OfType<JobListed>().Select(told => told.Job));
        Assert.Collection(
            outcome.Events.Skip(synced + 1),
            told => Assert.Equal((changed, JobStatus.Processing, true), Describe(told)),
            told => Assert.Equal((finished.TaskId, JobStatus.Completed, false), Describe(told)),
            told => Assert.True(Assert.IsType<JobAdded>(told).JustSucceeded));
        Assert.InRange(outcome.Requests, 1, 3);

        static (string, JobStatus?, bool) Describe(JobEvent told) =>
            (Assert.IsType<JobChanged>(told).Job.TaskId, ((JobChanged)told).Previous!.Status, ((JobChanged)told).JustFinished);
    }

    [Fact]
    public void W10_a_state_of_a_watch_with_another_type_filter_is_refused()
    {
        var state = new TrackerState { Type = JobType.BatchDeletion, Unfinished = [], Finished = [], Recent = [] };

        ArgumentException error = Assert.Throws<ArgumentException>(() => new JobTracker(new PollingOptions(), state));
        Assert.Contains("another type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_says_that_there_is_no_state_before_the_first_poll()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new JobTracker(new PollingOptions()).Export());
        Assert.Contains("first completed poll", error.Message, StringComparison.Ordinal);
    }
}
