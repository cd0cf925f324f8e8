using KooDrive.Jobs.Streams.Model;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>The recognition of an unchanged page is an optimization, so the results must be the same without it.</summary>
public class UnchangedPageProperties
{
    private const int Scenarios = PropertyRuns.Divisor == 1 ? 120 : 12;

    [Fact]
    public async Task PollAsync_has_the_same_results_with_and_without_unchanged_pages()
    {
        int recognized = 0;
        foreach (WatchScenario scenario in WatchScenarios.Sample(120).Take(Scenarios).Select(scenario => scenario with { Margin = 2 }))
        {
            ScenarioRun quick = await ScenarioRun.PlayAsync(scenario, mutate: (pages, _, _) => new PagesThatCountUnchanged(pages, () => recognized++));
            ScenarioRun plain = await ScenarioRun.PlayAsync(scenario, mutate: (pages, _, _) => new PagesWithoutFingerprints(pages));

            Assert.Equal(plain.Outcomes.Select(Describe), quick.Outcomes.Select(Describe));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{recognized} pages were recognized.");
        Assert.True(recognized > 20 / PropertyRuns.Divisor);
    }

    [Theory]
    [InlineData(nameof(JobChanged))]
    [InlineData(nameof(JobAdded))]
    [InlineData(null)]
    public async Task PollAsync_publishes_changes_of_the_first_page_after_unchanged_polls(string? expected)
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(300);
        watched.Jobs.Insert(JobStatus.Processing);
        await watched.PollUntilIdleAsync();

        switch (expected)
        {
            case nameof(JobChanged):
                watched.Jobs.Change(0, JobStatus.Completed, JobResult.AllSucceeded);
                break;
            case nameof(JobAdded):
                watched.Jobs.Insert();
                break;
            default:
                // A finished job is removed, which is not published.
                watched.Jobs.Delete(50);
                break;
        }

        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(expected, outcome.Events.SingleOrDefault()?.GetType().Name);
        Assert.Equal(1, outcome.RequestCount);
        Assert.Equal(watched.Jobs.Jobs[0], outcome.Snapshot[^1]);
    }

    [Fact]
    public async Task PollAsync_publishes_an_evicted_job_that_runs_again_when_the_page_stays_the_same()
    {
        var watched = new WatchedServer(new PollingOptions { MaxRetainedFinishedJobs = 0 });
        watched.Jobs.InsertMany(300);
        await watched.PollUntilIdleAsync();

        watched.Jobs.Change(3, JobStatus.Processing);
        string[][] received = [await watched.DescribePollAsync(), await watched.DescribePollAsync(), await watched.DescribePollAsync()];

        Assert.Equal([[], ["changed 97 ? to Processing"], []], received);
    }

    private static string Describe((PollOutcome Outcome, TrackerState State)? poll) => poll is not var (outcome, state)
        ? "failed"
        : $"""
            {outcome.RequestCount} requests, {outcome.JobCount} jobs, full scan {outcome.WasFullScan}
            received {string.Join(", ", outcome.Events)}
            retained {string.Join(", ", outcome.Snapshot)}
            unfinished {string.Join(", ", state.Unfinished)}
            finished {string.Join(", ", state.Finished)}
            recent {string.Join(", ", state.Recent)}, evicted {string.Join(", ", state.Evicted)}
            {state with { Unfinished = [], Finished = [], Evicted = [], Recent = [] }}
            """;

    /// <summary>Counts the unchanged top pages.</summary>
    private sealed class PagesThatCountUnchanged(IJobPages inner, Action recognized) : IJobPages
    {
        public long RequestCount => inner.RequestCount;

        public long JobCount => inner.JobCount;

        public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) => inner.GetPageAsync(offset, cancellationToken);

        public async Task<JobPage> GetTopPageAsync(int limit, PageFingerprint previous, CancellationToken cancellationToken)
        {
            JobPage page = await inner.GetTopPageAsync(limit, previous, cancellationToken);
            if (page.Fingerprint == previous)
            {
                recognized();
            }

            return page;
        }

        public IAsyncEnumerable<JobPage> Walk(JobStatus? status) => inner.Walk(status);
    }

    /// <summary>Removes the fingerprints, so that each page is processed.</summary>
    private sealed class PagesWithoutFingerprints(IJobPages inner) : IJobPages
    {
        public long RequestCount => inner.RequestCount;

        public long JobCount => inner.JobCount;

        public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) => inner.GetPageAsync(offset, cancellationToken);

        public async Task<JobPage> GetTopPageAsync(int limit, PageFingerprint previous, CancellationToken cancellationToken)
        {
            JobPage page = await inner.GetTopPageAsync(limit, PageFingerprint.None, cancellationToken);
            return new JobPage { Jobs = page.Jobs, Limit = page.Limit };
        }

        public IAsyncEnumerable<JobPage> Walk(JobStatus? status) => inner.Walk(status);
    }
}
