using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>Recognizing a first page that changes nothing is a short cut: it must come to what the long way comes to.</summary>
public class QuietPageProperties
{
    private const int Scenarios = PropertyRuns.Divisor == 1 ? 120 : 12;

    [Fact]
    public async Task W1_to_W10_a_watch_that_recognizes_quiet_pages_finds_costs_and_knows_what_one_that_does_not_does()
    {
        int recognized = 0;
        foreach (WatchScenario scenario in WatchScenarios.Sample(120).Take(Scenarios).Select(scenario => scenario with { Margin = 2 }))
        {
            int walks = 0;
            ScenarioRun quick = await ScenarioRun.PlayAsync(scenario, mutate: (pages, _, _) => new PagesThatCountWalks(pages, () => walks++));
            int plainWalks = 0;
            ScenarioRun plain = await ScenarioRun.PlayAsync(
                scenario,
                scenario.Options with { RecognizesQuietPages = false },
                mutate: (pages, _, _) => new PagesThatCountWalks(pages, () => plainWalks++));

            Assert.Equal(plain.Outcomes.Select(Describe), quick.Outcomes.Select(Describe));
            recognized += plainWalks - walks;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{recognized} pages were recognized.");
        Assert.True(recognized > 20 / PropertyRuns.Divisor);
    }

    [Theory]
    [InlineData(nameof(JobChanged))]
    [InlineData(nameof(JobAdded))]
    [InlineData(null)]
    public async Task W9_after_quiet_polls_whatever_happens_on_the_first_page_is_told_for_one_request(string? expected)
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(300);
        watched.Jobs.Insert(JobStatus.Processing);
        for (int poll = 0; poll < 30; poll++)
        {
            await watched.PollAsync();
        }

        switch (expected)
        {
            case nameof(JobChanged):
                watched.Jobs.Change(0, JobStatus.Completed, JobResult.AllSucceeded);
                break;
            case nameof(JobAdded):
                watched.Jobs.Insert();
                break;
            default:
                // One of the finished jobs is removed: nobody's news.
                watched.Jobs.Delete(50);
                break;
        }

        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(expected, outcome.Events.SingleOrDefault()?.GetType().Name);
        Assert.Equal(1, outcome.Requests);
        Assert.Equal(watched.Jobs.Jobs[0], outcome.Snapshot[^1]);
    }

    private static string Describe((PollOutcome Outcome, TrackerState State)? poll) => poll is not var (outcome, state)
        ? "failed"
        : $"""
            {outcome.Requests} requests, {outcome.Jobs} jobs, full pass {outcome.WasFullPass}
            told {string.Join(", ", outcome.Events)}
            retained {string.Join(", ", outcome.Snapshot)}
            unfinished {string.Join(", ", state.Unfinished)}
            finished {string.Join(", ", state.Finished)}
            recent {string.Join(", ", state.Recent)}, evicted {string.Join(", ", state.Evicted)}
            {state with { Unfinished = [], Finished = [], Evicted = [], Recent = [] }}
            """;

    /// <summary>Counts the walks over the whole list: none is begun when the first page is recognized.</summary>
    private sealed class PagesThatCountWalks(IJobPages inner, Action walked) : IJobPages
    {
        public long Requests => inner.Requests;

        public long Jobs => inner.Jobs;

        public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) => inner.GetPageAsync(offset, cancellationToken);

        public IAsyncEnumerable<JobPage> Walk(JobStatus? status, JobPage? first = null)
        {
            if (status is null)
            {
                walked();
            }

            return inner.Walk(status, first);
        }
    }
}
