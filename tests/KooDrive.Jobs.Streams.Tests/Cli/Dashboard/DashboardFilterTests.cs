using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

[Collection(BrowserTests.Name)]
public partial class DashboardFilterTests(Browser browser)
{
    [Fact]
    public async Task Filters_are_in_the_address_of_the_page()
    {
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, AddSome, query: "?type=2");
        await Expect(shown.Page.GetByLabel("Type")).ToHaveValueAsync("2");
        await Expect(shown.TaskIds).ToHaveCountAsync(2);

        await shown.Page.GetByLabel("Status").SelectOptionAsync("0");
        await Expect(shown.TaskIds).ToHaveCountAsync(1);
        await Expect(shown.Page).ToHaveURLAsync(TypeAndStatus());
        await shown.Page.ReloadAsync();
        await Expect(shown.TaskIds).ToHaveCountAsync(1);
        await Expect(shown.Page.GetByLabel("Status")).ToHaveValueAsync("0");

        await shown.Page.GetByRole(AriaRole.Button, new() { Name = "Clear the filter" }).ClickAsync();
        await Expect(shown.TaskIds).ToHaveCountAsync(5);
        await Expect(shown.Page).ToHaveURLAsync(NoQuery());
        await Expect(shown.Page.GetByRole(AriaRole.Button, new() { Name = "Clear the filter" })).ToBeHiddenAsync();
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Filters_survive_the_back_button_and_a_lost_connection()
    {
        const string Other = "1505084218764547201";
        await using ShownDashboard shown = await ShownDashboard.StartAsync(
            browser,
            emulator =>
            {
                AddSome(emulator.Jobs);
                AddSome(emulator.AddUser(Other, ShownDashboard.TokenOf(Other)));
            },
            new JobWatchOptions(),
            query: $"?account={Other}",
            otherUsers: Other);
        await Expect(shown.TaskIds).ToHaveCountAsync(5);

        await shown.Page.GetByLabel("Type").SelectOptionAsync("2");
        await Expect(shown.TaskIds).ToHaveCountAsync(2);
        await shown.Page.GotoAsync("about:blank");
        await shown.Page.GoBackAsync();
        await Expect(shown.TaskIds).ToHaveCountAsync(2);
        await Expect(shown.Page.GetByLabel("Account")).ToHaveValueAsync(Other);

        // Until the page is connected, it does not know the accounts.
        await shown.Page.RouteAsync("**/jobs/events", route => route.AbortAsync());
        await shown.Page.ReloadAsync();
        await shown.Page.GetByLabel("Type").SelectOptionAsync("3");
        await Expect(shown.Page).ToHaveURLAsync(AccountAndType());
        await shown.Page.UnrouteAsync("**/jobs/events");
        await Expect(shown.TaskIds).ToHaveCountAsync(2);
        await Expect(shown.Page.GetByLabel("Account")).ToHaveValueAsync(Other);
    }

    [Fact]
    public async Task Unknown_values_in_the_address_choose_all_jobs()
    {
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, AddSome, query: "?type=%3Cb%3E&status=99&account=1&other=2");

        await Expect(shown.TaskIds).ToHaveCountAsync(5);
        await Expect(shown.Page.GetByLabel("Type")).ToHaveValueAsync("");
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Page_reports_failures_that_the_filter_hides()
    {
        string running = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs =>
        {
            AddSome(jobs);
            running = jobs.Add(taskType: 3).TaskId;
        });
        ILocator notice = shown.Page.Locator("#hidden-failures");
        await Expect(notice).ToBeEmptyAsync();

        await shown.Page.GetByLabel("Type").SelectOptionAsync("2");
        await Expect(notice).ToHaveTextAsync("The filter hides 1 failed job.");
        await Expect(shown.Page.GetByText("No job has failed.")).ToBeHiddenAsync();
        await Expect(shown.Page.GetByText("No job matches the filter.").First).ToBeVisibleAsync();

        shown.Jobs.Finish(running, taskResultCode: 2);
        await Expect(notice).ToHaveTextAsync("The filter hides 2 failed jobs.");
        await shown.Page.GetByLabel("Type").SelectOptionAsync("3");
        await Expect(notice).ToBeEmptyAsync();
        await Expect(shown.Page.GetByRole(AriaRole.Heading, new() { Name = "Failed 2" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Title_counts_the_failures_since_the_page_was_last_viewed()
    {
        string[] running = [];
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs =>
        {
            AddSome(jobs);
            running = [.. Enumerable.Range(0, 3).Select(_ => jobs.Add(taskType: 1).TaskId)];
        });
        await Expect(shown.Page).ToHaveTitleAsync("KooDrive jobs");

        // Another window has the focus.
        await FocusAsync(shown.Page, hasFocus: false);
        shown.Jobs.Finish(running[0], taskResultCode: 3);
        await Expect(shown.Page).ToHaveTitleAsync("(1) KooDrive jobs");
        shown.Jobs.Finish(running[1], taskResultCode: 2);
        await Expect(shown.Page).ToHaveTitleAsync("(2) KooDrive jobs");

        await FocusAsync(shown.Page, hasFocus: true);
        await Expect(shown.Page).ToHaveTitleAsync("KooDrive jobs");
        await FocusAsync(shown.Page, hasFocus: false);
        shown.Jobs.Finish(running[2], taskResultCode: 3);
        await Expect(shown.Page).ToHaveTitleAsync("(1) KooDrive jobs");
        Assert.Empty(shown.BrowserErrors);
    }

    private static void AddSome(EmulatedJobStore jobs)
    {
        jobs.Add(taskType: 1);
        jobs.Add(taskType: 2);
        jobs.Start(jobs.Add(taskType: 2).TaskId);
        jobs.Finish(jobs.Add(taskType: 3).TaskId, taskResultCode: 3);
        jobs.Finish(jobs.Add(taskType: 3).TaskId);
    }

    // A page of a headless browser always has the focus.
    private static async Task FocusAsync(IPage page, bool hasFocus) => await page.EvaluateAsync(
        """
        hasFocus => {
          document.hasFocus = () => hasFocus;
          window.dispatchEvent(new Event(hasFocus ? 'focus' : 'blur'));
        }
        """,
        hasFocus);

    [GeneratedRegex(@"\?account=1505084218764547201&type=3$")]
    private static partial Regex AccountAndType();

    [GeneratedRegex(@"\?type=2&status=0$")]
    private static partial Regex TypeAndStatus();

    [GeneratedRegex("/$")]
    private static partial Regex NoQuery();
}
