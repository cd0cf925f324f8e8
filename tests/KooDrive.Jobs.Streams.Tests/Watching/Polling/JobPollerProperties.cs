using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

public class JobPollerProperties
{
    /// <summary>
    /// At the end every surviving job's last event is its true state, each job's events are a subsequence of what the server did, nothing is told
    /// twice, nobody is falsely said to have vanished, and every job that was followed and removed is said to have: see <see cref="FeedChecker"/>.
    /// </summary>
    [Property(MaxTest = 3_000 / PropertyRuns.Divisor, Replay = "20260101,1", Arbitrary = [typeof(WatchScenarios)])]
    internal async Task W1_to_W10_hold_on_a_random_server(WatchScenario scenario) => await ScenarioRun.PlayAsync(scenario);

    [Fact]
    public async Task W9_What_the_first_scenarios_cost_changes_with_a_reason_only()
    {
        (int requests, int events, int polls) = (0, 0, 0);
        foreach (WatchScenario scenario in WatchScenarios.Sample(60))
        {
            ScenarioRun run = await ScenarioRun.PlayAsync(scenario);
            (requests, events, polls) = (requests + run.Requests, events + run.Events, polls + run.Polls);
        }

        // Measured. Another strategy may cost something else: less, one hopes.
        Assert.Equal((6_270, 2_849, 1_555), (requests, events, polls));
    }

#if !FEW_RUNS
    [Fact]
    public async Task The_random_server_brings_about_everything_that_a_watch_can_tell()
    {
        Dictionary<string, int> told = [];
        int failures = 0;
        int restarts = 0;
        foreach (WatchScenario scenario in WatchScenarios.Sample(300))
        {
            ScenarioRun run = await ScenarioRun.PlayAsync(scenario);
            failures += run.Failures;
            restarts += run.Restarts;
            foreach ((string kind, int count) in run.Kinds)
            {
                told[kind] = told.GetValueOrDefault(kind) + count;
            }
        }

        string[] expected =
        [
            "CameBack", "JobAdded", "JobChanged", "JobListed", "JobVanished", "OrderChanged", "RequestsExhausted", "TooManyUnfinished", "WatchSynced",
        ];
        Assert.Equal(expected, told.Keys.Order());
        Assert.All(told.Values.Append(failures).Append(restarts), count => Assert.True(count > 5));
    }
#endif

    [Fact]
    public async Task Full_page_stride_without_anchors_is_found_out() =>
        await AssertIsFoundOutAsync(mutate: (pages, client, options) => new UnanchoredPages(pages, client, options));

    [Fact]
    public async Task A_frontier_advanced_by_a_failed_poll_is_found_out() =>
        await AssertIsFoundOutAsync(mutate: (pages, _, _) => new PagesThatHideFailures(pages));

    [Fact]
    public async Task Absence_taken_for_removal_at_once_is_found_out() =>
        await AssertIsFoundOutAsync(change: options => options with { MissesUntilVanished = 1 });

    [Fact]
    public async Task Plain_paging_is_found_out_by_ties() =>
        await AssertIsFoundOutAsync(mutate: (pages, client, options) => new UnanchoredPages(pages, client, options), trouble: Trouble.Ties);

    [Fact]
    public async Task Plain_paging_is_found_out_without_times() =>
        await AssertIsFoundOutAsync(mutate: (pages, client, options) => new UnanchoredPages(pages, client, options), trouble: Trouble.NoTimes);

    [Fact]
    public async Task No_margin_for_late_jobs_is_found_out() =>
        await AssertIsFoundOutAsync(options => options with { LateMargin = TimeSpan.FromTicks(1) }, trouble: Trouble.Late);

    [Fact]
    public async Task An_id_taken_for_the_job_is_found_out()
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
    public async Task A_step_back_that_is_not_noticed_is_found_out() =>
        await AssertIsFoundOutAsync(mutate: (pages, _, _) => new ChangedPages(pages, jobs => [.. jobs.OrderByDescending(job => job.CreateTime)]), trouble: Trouble.StepsBack);

    [Fact]
    public async Task Skipped_jobs_without_times_are_found_out() =>
        await AssertIsFoundOutAsync(mutate: (pages, _, _) => new ChangedPages(pages, jobs => [.. jobs.Where(job => job.CreateTime is not null)]), trouble: Trouble.SomeTimes);

    [Fact]
    public async Task A_lagging_replica_that_is_believed_is_found_out() =>
        await AssertIsFoundOutAsync(options => options with { ConfirmsRegressions = false }, trouble: Trouble.Lag);

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
