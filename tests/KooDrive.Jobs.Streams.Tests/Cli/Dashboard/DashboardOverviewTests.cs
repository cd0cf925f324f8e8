using Microsoft.Playwright;
using static KooDrive.Jobs.Streams.Tests.Cli.Dashboard.EmulatedTimes;
using static Microsoft.Playwright.Assertions;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

[Collection(BrowserTests.Name)]
public class DashboardOverviewTests(Browser browser)
{
    [Fact]
    public async Task Overview_counts_running_and_recently_failed_jobs()
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => jobs.AddMany(
        [
            Ended(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1), result: 3),
            Running(TimeSpan.FromMinutes(135)) with { TaskId = "1001" },
            Ended(TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(1), result: 2),
            Ended(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), result: 3),
            Ended(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1)),
            Running(TimeSpan.FromMinutes(5), type: 2) with { TaskId = "1002" },
        ]));

        await Expect(shown.Page.Locator("#running-count")).ToHaveTextAsync("2");
        await Expect(shown.Page.Locator("#failed-count")).ToHaveTextAsync("2");
        await Expect(shown.Page.Locator("#oldest-age")).ToHaveTextAsync("2 h 15 min");
        await Expect(shown.Page.Locator("#oldest-job")).ToHaveTextAsync("1001, Batch replication");

        shown.Jobs.Finish("1001", taskResultCode: 3);
        await Expect(shown.Page.Locator("#failed-count")).ToHaveTextAsync("3");
        await Expect(shown.Page.Locator("#oldest-job")).ToHaveTextAsync("1002, Batch deletion");
        shown.Jobs.Finish("1002");
        await Expect(shown.Page.Locator("#oldest-age")).ToHaveTextAsync("None");
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Chart_stacks_finished_and_failed_jobs_by_minute()
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => jobs.AddMany(
        [
            Ended(TimeSpan.FromMinutes(90), TimeSpan.FromSeconds(30)),
            Ended(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(30), result: 3),
            Ended(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(90)),
            Ended(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(10)),
            Ended(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(2)),
        ]));

        await Expect(shown.Overview.GetByRole(AriaRole.Img, new() { Name = "Jobs per minute in the last hour: 3 finished, 1 failed, at most 3 in a minute" })).ToBeVisibleAsync();
        await Expect(shown.Overview.GetByRole(AriaRole.Img, new() { Name = "Durations in the last hour: from 2 s to 10 min" })).ToBeVisibleAsync();
        ILocator stack = shown.Page.Locator("#outcomes g", new() { HasText = "2 finished, 1 failed" });
        await Expect(stack).ToHaveCountAsync(1);
        Box failed = await BoxAsync(stack.Locator(".bar-failed")), finished = await BoxAsync(stack.Locator(".bar-finished"));
        Assert.Equal(2 * failed.Height, finished.Height, tolerance: 0.5);
        Assert.Equal(finished.Y + finished.Height, failed.Y, tolerance: 0.5);
        Assert.Equal(failed.X, finished.X, tolerance: 0.5);
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Chart_is_a_table_for_screen_readers()
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => jobs.AddMany(
        [
            Ended(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(30), result: 3),
            Ended(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(90)),
            Ended(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(10)),
            Ended(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(2)),
        ]));

        ILocator table = shown.Page.GetByRole(AriaRole.Table, new() { Name = "Jobs of the last hour by minute" });
        await Expect(table.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["Minute", "Finished", "Failed", "Median duration", "Longest duration"]);
        await Expect(table.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await Expect(table.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Cell)).ToHaveTextAsync(["1", "0", "2 s", "2 s"]);
        await Expect(table.GetByRole(AriaRole.Row).Nth(2).GetByRole(AriaRole.Cell)).ToHaveTextAsync(["2", "1", "1 min 30 s", "10 min"]);
    }

    [Fact]
    public async Task Overview_reports_that_the_hour_is_incomplete()
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => jobs.AddMany(
            Enumerable.Range(0, 1000).Select(index => Ended(TimeSpan.FromSeconds(3000 - index), TimeSpan.FromSeconds(1)))));

        await Expect(shown.Overview.GetByText("Contains only the newest 1,000 finished jobs of an account.")).ToBeVisibleAsync();
    }

    private static async Task<Box> BoxAsync(ILocator element) => await element.EvaluateAsync<Box>(
        "element => { const { x, y, width, height } = element.getBoundingClientRect(); return { x, y, width, height }; }");

    private sealed record Box
    {
        public double X { get; init; }

        public double Y { get; init; }

        public double Width { get; init; }

        public double Height { get; init; }
    }
}
