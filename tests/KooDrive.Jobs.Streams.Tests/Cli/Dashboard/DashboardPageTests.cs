using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

[Collection(BrowserTests.Name)]
public class DashboardPageTests(Browser browser)
{
    [Fact]
    public async Task Jobs_appear_change_and_finish_while_one_looks()
    {
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, _ => { });
        await Expect(shown.Page.GetByText("No job is running.")).ToBeVisibleAsync();

        string taskId = shown.Jobs.Add(taskType: 2, contentNum: 1234).TaskId;
        ILocator running = shown.Row("Running", taskId);
        await Expect(running).ToContainTextAsync("Deletion");
        await Expect(running).ToContainTextAsync("Pending");
        await Expect(running).ToContainTextAsync("1,234");

        shown.Jobs.Start(taskId);
        await Expect(running).ToContainTextAsync("Processing");
        shown.Jobs.SetProgress(taskId, 40);
        await Expect(running).ToContainTextAsync("40 %");
        await Expect(running.GetByRole(AriaRole.Progressbar, new() { Name = $"Progress of job {taskId}" })).ToHaveJSPropertyAsync("value", 40);

        shown.Jobs.Finish(taskId, taskResultCode: 1);
        await Expect(shown.Row("Finished", taskId)).ToContainTextAsync("All succeeded");
        await Expect(shown.Page.GetByText("No job is running.")).ToBeVisibleAsync();
        await Expect(shown.Page.GetByRole(AriaRole.Log)).ToHaveTextAsync("1 job finished, 0 failed.");

        string removed = shown.Jobs.Add(taskType: 3).TaskId;
        await Expect(shown.Row("Running", removed)).ToBeVisibleAsync();
        shown.Jobs.Remove(removed);
        await Expect(shown.Page.GetByText("No job is running.")).ToBeVisibleAsync();
        Assert.Empty(shown.Complaints);
    }

    [Fact]
    public async Task A_failure_stands_first_and_is_said()
    {
        string taskId = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs =>
        {
            taskId = jobs.Add(taskType: 1).TaskId;
            jobs.Start(taskId);
            jobs.Finish(jobs.Add(taskType: 2).TaskId);
        });
        await Expect(shown.Page.GetByRole(AriaRole.Table)).ToHaveCountAsync(2);

        shown.Jobs.Finish(taskId, taskResultCode: 3, resultCode: 13000311);

        await Expect(shown.Row("Failed", taskId)).ToContainTextAsync("All failed (code 13000311)");
        await Expect(shown.Page.GetByRole(AriaRole.Table).First).ToHaveAccessibleNameAsync("Failed 1");
        await Expect(shown.Page.GetByRole(AriaRole.Log)).ToHaveTextAsync($"1 job finished, 1 failed. {taskId}: All failed (code 13000311)");
        await Expect(shown.Page).ToHaveTitleAsync("(1) KooDrive jobs");
        Assert.Empty(shown.Complaints);
    }

    [Fact]
    public async Task Of_many_failures_the_newest_are_shown_so_that_the_rest_stays_in_sight()
    {
        string newest = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => newest = jobs.AddMany(
            Enumerable.Range(0, 12).Select(_ => new EmulatedJob { TaskType = 1, Status = 2, TaskResultCode = 3 }))[^1].TaskId);

        await Expect(shown.Page.GetByText("The 10 newest of 12 are shown.")).ToBeVisibleAsync();
        await Expect(shown.Table("Failed").GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(10);
        await Expect(shown.Table("Failed").GetByRole(AriaRole.Rowheader).First).ToHaveTextAsync(newest);
        Assert.Empty(shown.Complaints);
    }

    [Fact]
    public async Task Filters_by_type_and_status_are_reached_and_set_by_keyboard()
    {
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs =>
        {
            jobs.Add(taskType: 1);
            jobs.Add(taskType: 2);
            jobs.Start(jobs.Add(taskType: 2).TaskId);
            jobs.Finish(jobs.Add(taskType: 2).TaskId);
        });
        ILocator rows = shown.Page.GetByRole(AriaRole.Rowheader);
        await Expect(rows).ToHaveCountAsync(4);

        await shown.Page.Keyboard.PressAsync("Tab");
        await Expect(shown.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the jobs" })).ToBeFocusedAsync();
        await shown.Page.Keyboard.PressAsync("Tab");
        await Expect(shown.Page.GetByLabel("Type")).ToBeFocusedAsync();
        await Expect(shown.Page.GetByLabel("Type")).ToHaveCSSAsync("outline-style", "solid");
        await shown.Page.Keyboard.TypeAsync("Del");
        await Expect(rows).ToHaveCountAsync(3);

        await shown.Page.Keyboard.PressAsync("Tab");
        await Expect(shown.Page.GetByLabel("Status")).ToBeFocusedAsync();
        await shown.Page.Keyboard.TypeAsync("Proc");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(shown.Table("Running")).ToContainTextAsync("Processing");

        await shown.Page.Keyboard.PressAsync("Home");
        await Expect(rows).ToHaveCountAsync(3);
        Assert.Empty(shown.Complaints);
    }

    [Fact]
    public async Task After_a_restart_of_the_dashboard_the_page_shows_the_picture_anew()
    {
        string gone = "", changed = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(
            browser, jobs => (gone, changed) = (jobs.Add(taskType: 1).TaskId, jobs.Add(taskType: 2).TaskId));
        await Expect(shown.Row("Running", gone)).ToBeVisibleAsync();

        int port = await shown.StopServingAsync();
        await Expect(shown.Connection).ToHaveTextAsync("Disconnected. Trying again…");
        await Expect(shown.Row("Running", gone)).ToBeVisibleAsync();
        shown.Jobs.Remove(gone);
        shown.Jobs.Start(changed);
        await shown.ServeAsync(port);

        await Expect(shown.Connection).ToHaveTextAsync("Live");
        await Expect(shown.Row("Running", changed)).ToContainTextAsync("Processing");
        await Expect(shown.Row("Running", gone)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task When_the_server_fails_the_page_says_so_and_keeps_what_it_knows()
    {
        string taskId = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => taskId = jobs.Add(taskType: 1).TaskId);

        shown.Emulator.Credentials.ReplaceTokens("another-token");
        await Expect(shown.Connection).ToContainTextAsync("401");
        await Expect(shown.Row("Running", taskId)).ToBeVisibleAsync();
        await Expect(shown.Page.Locator("body")).Not.ToContainTextAsync("emulator-access-token");

        shown.Emulator.Credentials.ReplaceTokens("emulator-access-token");
        await Expect(shown.Connection).ToHaveTextAsync("Live");
    }

    [Fact]
    public async Task Markup_in_what_the_server_sent_is_text()
    {
        const string Markup = "<img src=x onerror=alert(1)><b>bold</b><script>alert(2)</script>";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs =>
        {
            jobs.Add(new EmulatedJob { TaskType = 2, Status = 1, TaskName = Markup });
            jobs.Add(new EmulatedJob { TaskId = "<i>1</i>", TaskType = 2, Status = 1 });
        });

        await Expect(shown.Page.GetByText(Markup)).ToBeVisibleAsync();
        await Expect(shown.Page.GetByText("<i>1</i>")).ToBeVisibleAsync();
        await Expect(shown.Page.Locator("main").Locator("img, b, i, script")).ToHaveCountAsync(0);
        Assert.Empty(shown.Complaints);
    }
}
