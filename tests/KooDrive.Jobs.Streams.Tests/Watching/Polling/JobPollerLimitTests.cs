using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>W8: what happens at the limits of memory and requests.</summary>
public class JobPollerLimitTests
{
    [Fact]
    public async Task W8_a_finished_job_beyond_retention_is_not_told_again_unless_it_runs_again()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = 1 });
        Job old = watched.Jobs.Insert(JobStatus.Completed);
        watched.Jobs.Now++;
        watched.Jobs.Insert(JobStatus.Completed);
        PollOutcome first = await watched.PollAsync();
        Assert.Single(first.Snapshot);

        watched.Change(old.TaskId, JobStatus.Completed, JobResult.AllFailed);
        Assert.Empty(await watched.TellAsync());
        watched.Change(old.TaskId, JobStatus.Processing);
        Assert.Empty(await watched.TellAsync());
        Assert.Equal(["changed 01 ? to Processing"], await watched.TellAsync());
        watched.Change(old.TaskId, JobStatus.Completed);
        Assert.Equal(["changed 01 Processing to Completed"], await watched.TellAsync());
    }

    [Fact]
    public async Task W8_a_job_that_runs_again_deep_in_the_list_is_found_when_the_filtered_lists_are_read()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = 0, PollsPerFullScan = 3 });
        watched.Jobs.InsertMany(2_000);
        await watched.PollAsync();

        watched.Jobs.Change(1_000, JobStatus.Processing);
        string[][] told = [await watched.TellAsync(), await watched.TellAsync(), await watched.TellAsync(), await watched.TellAsync()];

        Assert.Equal(["changed 00 ? to Processing"], told.SelectMany(poll => poll));
    }

    [Fact]
    public async Task W8_beyond_the_limit_of_unfinished_jobs_the_oldest_are_let_go_and_the_gap_is_told()
    {
        var watched = new WatchedServer(new PollingOptions { MaxUnfinishedJobs = 2, PollsPerFullScan = 2 });
        string[] ids = new string[4];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = watched.Jobs.Insert().TaskId;
            watched.Jobs.Now++;
        }

        PollOutcome first = await watched.PollAsync();

        AssertGap(WatchGapReason.TooManyUnfinished, "More than 2 jobs are unfinished; 2 of them", first.Events[0]);
        Assert.Equal(
            ["listed 01 Pending", "listed 02 Pending", "listed 03 Pending", "listed 04 Pending", "synced"],
            first.Events.Skip(1).Select(WatchedServer.Describe));
        Assert.Equal([ids[2], ids[3]], first.Snapshot.Select(job => job.TaskId));
        Assert.Equal(2, watched.Poller.Tracker.UnfinishedCount);
        watched.Change(ids[0], JobStatus.Processing);
        Assert.Empty(await watched.TellAsync());
        watched.Change(ids[3], JobStatus.Processing);
        Assert.Equal(["changed 04 Pending to Processing"], await watched.TellAsync());
        watched.Change(ids[3], JobStatus.Completed);
        Assert.Equal(["changed 04 Processing to Completed"], [.. await watched.TellAsync(), .. await watched.TellAsync()]);
        Assert.Equal([ids[1], ids[2], ids[3]], (await watched.PollAsync()).Snapshot.Select(job => job.TaskId));
        watched.Change(ids[1], JobStatus.Processing);
        Assert.Equal(["changed 02 Pending to Processing"], await watched.TellAsync());
    }

    [Fact]
    public async Task W8_jobs_created_later_than_all_that_were_seen_are_new_even_when_nothing_else_is_left()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(3);
        await watched.PollAsync();

        foreach (Job job in watched.Jobs.Jobs.ToArray())
        {
            watched.Delete(job.TaskId);
        }

        watched.Jobs.Insert();
        Assert.Equal(["added 04 Pending"], await watched.TellAsync());
    }

    [Fact]
    public async Task W8_a_changed_order_is_a_gap_and_makes_no_news_of_history()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = 0 });
        watched.Jobs.InsertMany(500);
        await watched.PollAsync();
        await watched.PollAsync();

        watched.Jobs.Reverse();
        PollOutcome outcome = await watched.PollAsync();

        AssertGap(WatchGapReason.OrderChanged, "no longer sorted by creation time", outcome.Events[0]);
        Assert.DoesNotContain(outcome.Events, told => told is JobChange);
        Assert.IsType<WatchSynced>(outcome.Events[^1]);
        Assert.Empty(await watched.TellAsync());
    }

    [Theory]
    [InlineData(30, "added 03 Completed")]
    [InlineData(3_600, "gap OrderChanged, listed 03 Completed, synced")]
    public async Task W8_a_clock_that_was_set_back_by_more_than_the_margin_is_a_gap_once(int seconds, string expected)
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = 0 });
        watched.Jobs.InsertMany(1_002);
        for (int poll = 0; poll < 30; poll++)
        {
            await watched.PollAsync();
        }

        watched.Jobs.Now -= seconds + 150;
        watched.Jobs.Insert(JobStatus.Completed);
        watched.Jobs.Now++;
        Assert.Equal(expected, string.Join(", ", (await watched.TellAsync()).Where(told => !told.StartsWith("listed", StringComparison.Ordinal) || told == "listed 03 Completed").Distinct()));
        for (int poll = 0; poll < 3; poll++)
        {
            Assert.Empty(await watched.TellAsync());
        }

        watched.Jobs.Insert(JobStatus.Completed);
        Assert.Equal(["added 04 Completed"], await watched.TellAsync());
    }

    [Fact]
    public async Task W8_more_than_the_requests_of_a_poll_can_read_is_a_gap_and_a_full_pass_that_misses_nothing()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRequestsPerPoll = 3, MaxRetainedFinishedJobs = 0 });
        watched.Jobs.InsertMany(2_000);
        Assert.DoesNotContain((await watched.PollAsync()).Events, told => told is WatchGap);

        watched.Jobs.InsertMany(500, JobStatus.Completed);
        PollOutcome outcome = await watched.PollAsync();

        AssertGap(WatchGapReason.RequestsExhausted, "in 3 requests", outcome.Events[0]);
        Assert.IsType<WatchSynced>(outcome.Events[1]);
        Assert.Equal(500, outcome.Events.OfType<JobAdded>().Count());
        Assert.True(outcome.WasFullPass);
    }

    [Theory]
    [InlineData(686, 7, 2, 2)]
    [InlineData(680, 9, 3, 6)]
    [InlineData(1_000, 10, 2, 7)]
    [InlineData(1_500, 12, 5, 20)]
    public async Task W8_a_list_at_rest_has_at_most_one_gap_whatever_its_unfinished_jobs_need(int jobs, int maxRequests, int everyUnfinished, int ties)
    {
        for (int max = 2; max <= maxRequests; max++)
        {
            var watched = new WatchedServer(new PollingOptions { MaxRequestsPerPoll = max }, new InMemoryJobs { TieOrder = new Random(max) });
            for (int i = 0; i < jobs; i++)
            {
                watched.Jobs.Insert(i % everyUnfinished != 0 ? JobStatus.Completed : i % 3 == 0 ? JobStatus.Pending : JobStatus.Processing);
                watched.Jobs.Now += i % ties == 0 ? 2 : 0;
            }

            List<JobEvent> events = [];
            for (int poll = 0; poll < 30; poll++)
            {
                events.AddRange((await watched.PollAsync()).Events);
            }

            Assert.InRange(events.OfType<WatchGap>().Count(), 0, 1);
            Assert.Empty(events.OfType<JobChange>());
        }
    }

    private static void AssertGap(WatchGapReason reason, string message, JobEvent told)
    {
        WatchGap gap = Assert.IsType<WatchGap>(told);
        Assert.Equal(reason, gap.Reason);
        Assert.Contains(message, gap.Message, StringComparison.Ordinal);
    }
}
