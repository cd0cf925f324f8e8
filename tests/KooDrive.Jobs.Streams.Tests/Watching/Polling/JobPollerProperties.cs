using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

public class JobPollerProperties
{
    /// <summary>
    /// At the end, the last event of every surviving job is its true state, the events of each job are a subsequence of its history, no event is published
    /// twice, no job is falsely published as vanished, and every removed tracked job is: see <see cref="FeedChecker"/>.
    /// </summary>
    [Property(MaxTest = 1_500 / PropertyRuns.Divisor, Replay = "20260101,1", Arbitrary = [typeof(WatchScenarios)])]
    internal async Task W1_to_W10_hold_on_a_random_server(WatchScenario scenario) => await ScenarioRun.PlayAsync(scenario);

    // The order breaks while the list is read again: the jobs that were skipped before are read once more.
    [Fact]
    public Task W1_holds_when_the_order_breaks_while_the_list_is_read_again() => ScenarioRun.PlayAsync(WatchScenarios.Sample(1_500).ElementAt(302));

    [Fact]
    public Task W1_to_W10_hold_on_more_random_servers() =>
        LongTests.RunEachAsync(WatchScenarios.Sample(1_500), scenario => ScenarioRun.PlayAsync(scenario));

    [Theory]
    [InlineData(Trouble.None)]
    [InlineData(Trouble.Ties)]
    [InlineData(Trouble.Late)]
    [InlineData(Trouble.ReusedIds)]
    [InlineData(Trouble.StepsBack)]
    [InlineData(Trouble.NoTimes)]
    [InlineData(Trouble.SomeTimes)]
    [InlineData(Trouble.Lag)]
    internal async Task Export_returns_the_restored_state(Trouble trouble)
    {
        // A watch at its maximum number of unfinished jobs may not restore the observations that it has to confirm.
        foreach (WatchScenario scenario in WatchScenarios.Sample(20, trouble).Where(scenario => scenario.MaxUnfinishedJobs > 100))
        {
            ScenarioRun run = await ScenarioRun.PlayAsync(scenario);
            foreach ((_, TrackerState state) in run.Outcomes.OfType<(PollOutcome, TrackerState)>())
            {
                TrackerState restored = new JobTracker(scenario.Options, state).Export();

                Assert.Equal(state.Unfinished.OrderBy(Id), restored.Unfinished.OrderBy(Id));
                Assert.Equal(state.Finished, restored.Finished);
                Assert.Equal(state.Evicted.OrderBy(Id), restored.Evicted.OrderBy(Id));
                Assert.Equal(state.Recent.OrderBy(job => job.TaskId), restored.Recent.OrderBy(job => job.TaskId));
                Assert.Equal(
                    state with { Unfinished = [], Finished = [], Evicted = [], Recent = [] },
                    restored with { Unfinished = [], Finished = [], Evicted = [], Recent = [] });
            }
        }

        static string Id(SavedJob job) => job.TaskId;
    }

    [Fact]
    public async Task Request_counts_of_the_first_scenarios_equal_the_recorded_counts()
    {
        (int requests, int events, int polls) = (0, 0, 0);
        foreach (WatchScenario scenario in WatchScenarios.Sample(60))
        {
            ScenarioRun run = await ScenarioRun.PlayAsync(scenario);
            (requests, events, polls) = (requests + run.Requests, events + run.Events, polls + run.Polls);
        }

        // Measured. Another strategy may have another cost.
        Assert.Equal((7_964, 3_134, 1_392), (requests, events, polls));
    }

    [Theory]
    [InlineData(Trouble.None, 7_673, 34_392, 3_013, 894, 18_769, 119_502, 37_552)]
    [InlineData(Trouble.Ties, 6_801, 39_901, 3_390, 927, 20_366, 131_384, 37_989)]
    [InlineData(Trouble.Late, 5_999, 34_377, 3_241, 931, 19_407, 122_788, 38_384)]
    [InlineData(Trouble.ReusedIds, 7_421, 31_627, 2_879, 913, 17_484, 109_479, 36_092)]
    [InlineData(Trouble.StepsBack, 6_489, 50_026, 3_857, 1_274, 39_674, 409_121, 68_629)]
    [InlineData(Trouble.NoTimes, 7_685, 27_057, 3_282, 1_237, 43_722, 134_348, 39_063)]
    [InlineData(Trouble.SomeTimes, 7_840, 29_295, 3_209, 1_133, 25_021, 129_354, 40_379)]
    [InlineData(Trouble.Lag, 8_163, 33_722, 2_898, 1_130, 23_589, 115_559, 34_574)]
    internal async Task Cost_and_state_of_scenarios_change_for_a_reason_only(
        Trouble trouble, int requests, int jobsRead, int events, int fullScans, int savedJobs, long positions, long snapshots)
    {
        // Measured, as above.
        (int Requests, int JobsRead, int Events, int FullScans, int SavedJobs, long Positions, long Snapshots) cost = default;
        foreach (WatchScenario scenario in WatchScenarios.Sample(60, trouble))
        {
            ScenarioRun run = await ScenarioRun.PlayAsync(scenario);
            cost.Requests += run.Requests;
            cost.Events += run.Events;
            foreach ((PollOutcome outcome, TrackerState state) in run.Outcomes.OfType<(PollOutcome, TrackerState)>())
            {
                cost.JobsRead += outcome.JobCount;
                cost.FullScans += outcome.WasFullScan ? 1 : 0;
                cost.SavedJobs += state.Unfinished.Count + state.Finished.Count + state.Evicted.Count + state.Recent.Count;
                cost.Positions += state.Unfinished.Sum(job => job.Position);
                cost.Snapshots += outcome.Snapshot.Sum(job => 1 + (long)job.Status!.Value + (long)(job.Result ?? 0));
            }
        }

        Assert.Equal((requests, jobsRead, events, fullScans, savedJobs, positions, snapshots), cost);
    }

#if !FEW_RUNS
    [Fact]
    public async Task Random_server_causes_every_kind_of_event()
    {
        Dictionary<string, int> received = [];
        int failures = 0;
        int restarts = 0;
        foreach (WatchScenario scenario in WatchScenarios.Sample(300))
        {
            ScenarioRun run = await ScenarioRun.PlayAsync(scenario);
            failures += run.Failures;
            restarts += run.Restarts;
            foreach ((string kind, int count) in run.Kinds)
            {
                received[kind] = received.GetValueOrDefault(kind) + count;
            }
        }

        string[] expected =
        [
            "JobAdded", "JobChanged", "JobListed", "JobVanished", "OrderChanged", "Reappeared", "RequestsExhausted", "TooManyUnfinished", "WatchSynced",
        ];
        Assert.Equal(expected, received.Keys.Order());
        Assert.All(received.Values.Append(failures).Append(restarts), count => Assert.True(count > 5));
    }
#endif

    [Fact]
    public async Task Checker_detects_full_page_strides_without_anchors() =>
        await AssertIsFoundOutAsync(mutate: (pages, client, options) => new UnanchoredPages(pages, client, options));

    [Fact]
    public async Task Checker_detects_a_failed_poll_that_commits_jobs() =>
        await AssertIsFoundOutAsync(mutate: (pages, _, _) => new PagesThatHideFailures(pages));

    [Fact]
    public async Task Checker_detects_a_removal_after_one_missed_poll() =>
        await AssertIsFoundOutAsync(change: options => options with { ConfirmingPollCount = 1 });

    [Fact]
    public async Task Checker_detects_plain_paging_with_ties() =>
        await AssertIsFoundOutAsync(mutate: (pages, client, options) => new UnanchoredPages(pages, client, options), trouble: Trouble.Ties);

    [Fact]
    public async Task Checker_detects_plain_paging_without_creation_times() =>
        await AssertIsFoundOutAsync(mutate: (pages, client, options) => new UnanchoredPages(pages, client, options), trouble: Trouble.NoTimes);

    [Fact]
    public async Task Checker_detects_a_missing_margin_for_late_jobs() =>
        await AssertIsFoundOutAsync(options => options with { LateMargin = TimeSpan.FromTicks(1) }, trouble: Trouble.Late);

    [Fact]
    public async Task Checker_detects_jobs_identified_by_id_alone()
    {
        await AssertIsFoundOutAsync(mutate: (pages, _, _) => new ChangedPages(pages, FirstTimes()), trouble: Trouble.ReusedIds);

        static Func<IReadOnlyList<Job>, IReadOnlyList<Job>> FirstTimes()
        {
            Dictionary<string, DateTimeOffset?> times = [];
            return jobs =>
            {
                foreach (Job job in jobs)
                {
                    times.TryAdd(job.TaskId, job.CreateTime);
                }

                return [.. jobs.Select(job => job with { CreateTime = times[job.TaskId] })];
            };
        }
    }

    [Fact]
    public async Task Checker_detects_an_ignored_step_back_of_the_clock() =>
        await AssertIsFoundOutAsync(mutate: (pages, _, _) => new ChangedPages(pages, jobs => [.. jobs.OrderByDescending(job => job.CreateTime)]), trouble: Trouble.StepsBack);

    [Fact]
    public async Task Checker_detects_skipped_jobs_without_creation_times() =>
        await AssertIsFoundOutAsync(mutate: (pages, _, _) => new ChangedPages(pages, jobs => [.. jobs.Where(job => job.CreateTime is not null)]), trouble: Trouble.SomeTimes);

    [Fact]
    public async Task Checker_detects_regressions_published_without_confirmation() =>
        await AssertIsFoundOutAsync(options => options with { ConfirmingPollCount = 1 }, trouble: Trouble.Lag);

    private static async Task AssertIsFoundOutAsync(
        Func<PollingOptions, PollingOptions>? change = null, Func<IJobPages, JobsClient, PollingOptions, IJobPages>? mutate = null, Trouble? trouble = null)
    {
        int played = 0;
        foreach (WatchScenario scenario in trouble is { } one ? WatchScenarios.Sample(300, one) : WatchScenarios.Sample(300))
        {
            played++;
            try
            {
                await ScenarioRun.PlayAsync(scenario, change?.Invoke(scenario.Options), mutate);
            }
            catch (FeedException)
            {
                return;
            }
        }

        Assert.Fail($"{played} runs did not notice.");
    }
}
