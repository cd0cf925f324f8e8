using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>W8: the behavior at the limits of memory and requests.</summary>
public class JobPollerLimitTests
{
    [Fact]
    public async Task PollAsync_publishes_an_evicted_finished_job_only_when_it_runs_again()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = 1 });
        Job old = watched.Jobs.Insert(JobStatus.Completed);
        watched.Jobs.Now++;
        watched.Jobs.Insert(JobStatus.Completed);
        PollOutcome first = await watched.PollAsync();
        Assert.Single(first.Snapshot);

        watched.Change(old.TaskId, JobStatus.Completed, JobResult.AllFailed);
        Assert.Empty(await watched.DescribePollAsync());
        watched.Change(old.TaskId, JobStatus.Processing);
        Assert.Empty(await watched.DescribePollAsync());
        Assert.Equal(["changed 01 ? to Processing"], await watched.DescribePollAsync());
        watched.Change(old.TaskId, JobStatus.Completed);
        Assert.Equal(["changed 01 Processing to Completed"], await watched.DescribePollAsync());
    }

    [Fact]
    public async Task PollAsync_finds_a_job_that_runs_again_deep_in_the_filtered_lists()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = 0, PollsPerFullScan = 3 });
        watched.Jobs.InsertMany(2_000);
        await watched.PollAsync();

        watched.Jobs.Change(1_000, JobStatus.Processing);
        string[][] received = [await watched.DescribePollAsync(), await watched.DescribePollAsync(), await watched.DescribePollAsync(), await watched.DescribePollAsync()];

        Assert.Equal(["changed 00 ? to Processing"], received.SelectMany(poll => poll));
    }

    [Fact]
    public async Task PollAsync_evicts_the_oldest_jobs_with_a_gap_beyond_MaxUnfinishedJobs()
    {
        var watched = new WatchedServer(new PollingOptions { MaxUnfinishedJobs = 2, PollsPerFullScan = 2 });
        string[] ids = new string[4];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = watched.Jobs.Insert().TaskId;
            watched.Jobs.Now++;
        }

        PollOutcome first = await watched.PollAsync();

        AssertGap(WatchGapReason.TooManyUnfinished, "More than 2 jobs are unfinished. The 2 oldest of them", first.Events[0]);
        Assert.Equal(
            ["listed 01 Pending", "listed 02 Pending", "listed 03 Pending", "listed 04 Pending", "synced"],
            first.Events.Skip(1).Select(WatchedServer.Describe));
        Assert.Equal([ids[2], ids[3]], first.Snapshot.Select(job => job.TaskId));
        Assert.Equal(2, watched.Poller.Tracker.UnfinishedCount);
        watched.Change(ids[0], JobStatus.Processing);
        Assert.Empty(await watched.DescribePollAsync());
        watched.Change(ids[3], JobStatus.Processing);
        Assert.Equal(["changed 04 Pending to Processing"], await watched.DescribePollAsync());
        watched.Change(ids[3], JobStatus.Completed);
        Assert.Equal(["changed 04 Processing to Completed"], [.. await watched.DescribePollAsync(), .. await watched.DescribePollAsync()]);
        Assert.Equal([ids[1], ids[2], ids[3]], (await watched.PollAsync()).Snapshot.Select(job => job.TaskId));
        watched.Change(ids[1], JobStatus.Processing);
        Assert.Equal(["changed 02 Pending to Processing"], await watched.DescribePollAsync());
    }

    [Fact]
    public async Task PollAsync_publishes_newer_jobs_as_added_when_all_other_jobs_are_gone()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(3);
        await watched.PollAsync();

        foreach (Job job in watched.Jobs.Jobs.ToArray())
        {
            watched.Delete(job.TaskId);
        }

        watched.Jobs.Insert();
        Assert.Equal(["added 04 Pending"], await watched.DescribePollAsync());
    }

    [Fact]
    public async Task PollAsync_publishes_a_gap_and_no_changes_when_the_order_changes()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = 0 });
        watched.Jobs.InsertMany(500);
        await watched.PollAsync();
        await watched.PollAsync();

        watched.Jobs.Reverse();
        PollOutcome outcome = await watched.PollAsync();

        AssertGap(WatchGapReason.OrderChanged, "no longer sorted by creation time", outcome.Events[0]);
        Assert.DoesNotContain(outcome.Events, received => received is JobChange);
        Assert.IsType<WatchSynced>(outcome.Events[^1]);
        Assert.Empty(await watched.DescribePollAsync());
    }

    [Theory]
    [InlineData(30, "added 03 Completed")]
    [InlineData(3_600, "gap OrderChanged, listed 03 Completed, synced")]
    public async Task PollAsync_publishes_one_gap_when_a_clock_steps_back_beyond_the_margin(int seconds, string expected)
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
        Assert.Equal(expected, string.Join(", ", (await watched.DescribePollAsync()).Where(received => !received.StartsWith("listed", StringComparison.Ordinal) || received == "listed 03 Completed").Distinct()));
        for (int poll = 0; poll < 3; poll++)
        {
            Assert.Empty(await watched.DescribePollAsync());
        }

        watched.Jobs.Insert(JobStatus.Completed);
        Assert.Equal(["added 04 Completed"], await watched.DescribePollAsync());
    }

    [Fact]
    public async Task PollAsync_publishes_a_gap_and_scans_when_MaxRequestsPerPoll_is_exceeded()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRequestsPerPoll = 3, MaxRetainedFinishedJobs = 0 });
        watched.Jobs.InsertMany(2_000);
        Assert.DoesNotContain((await watched.PollAsync()).Events, received => received is WatchGap);

        watched.Jobs.InsertMany(500, JobStatus.Completed);
        PollOutcome outcome = await watched.PollAsync();

        AssertGap(WatchGapReason.RequestsExhausted, "in 3 requests", outcome.Events[0]);
        Assert.IsType<WatchSynced>(outcome.Events[1]);
        Assert.Equal(500, outcome.Events.OfType<JobAdded>().Count());
        Assert.True(outcome.WasFullScan);
    }

    [Theory]
    [InlineData(686, 7, 2, 2)]
    [InlineData(680, 9, 3, 6)]
    [InlineData(1_000, 10, 2, 7)]
    [InlineData(1_500, 12, 5, 20)]
    public async Task PollAsync_publishes_at_most_one_gap_when_the_list_is_idle(int jobs, int maxRequests, int everyUnfinished, int ties)
    {
        for (int max = 2; max <= maxRequests; max += PropertyRuns.Divisor == 1 ? 1 : 5)
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

    [Fact]
    public async Task PollAsync_sends_few_requests_again_after_windows_exceeded_the_limit_once()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRequestsPerPoll = 4 });
        watched.Jobs.InsertMany(4_000);
        watched.Jobs.Change(3_900, JobStatus.Pending);
        watched.Jobs.Change(3_000, (JobStatus)7);
        await watched.PollAsync();

        // The estimated positions of both jobs are wrong.
        watched.Jobs.Delete(1_000, 1_500);
        Assert.True((await watched.PollAsync()).WasFullScan);

        List<PollOutcome> outcomes = [];
        for (int poll = 0; poll < 4; poll++)
        {
            outcomes.Add(await watched.PollAsync());
        }

        Assert.True(outcomes[0].WasFullScan);
        Assert.All(outcomes.Skip(1), outcome => Assert.InRange(outcome.RequestCount, 1, 4));
        Assert.All(outcomes, outcome => Assert.Empty(outcome.Events));
    }

    private static void AssertGap(WatchGapReason reason, string message, JobEvent received)
    {
        WatchGap gap = Assert.IsType<WatchGap>(received);
        Assert.Equal(reason, gap.Reason);
        Assert.Contains(message, gap.Message, StringComparison.Ordinal);
    }
}
