using KooDrive.Jobs.Streams.AspNetCore;
using KooDrive.Jobs.Streams.Cli;
using KooDrive.Jobs.Streams.Cli.Dashboard;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.AspNetCore;
using Microsoft.Extensions.Time.Testing;
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
        await Expect(shown.Connection).ToHaveTextAsync("The jobs cannot be read. Trying again…");
        await Expect(shown.Detail).ToContainTextAsync("401");
        await Expect(shown.Row("Running", taskId)).ToBeVisibleAsync();
        await Expect(shown.Page.Locator("body")).Not.ToContainTextAsync("emulator-access-token");

        shown.Emulator.Credentials.ReplaceTokens("emulator-access-token");
        await Expect(shown.Connection).ToHaveTextAsync("Live");
    }

    [Fact]
    public async Task A_page_opened_while_the_server_fails_shows_what_is_known_and_never_says_live()
    {
        string taskId = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => taskId = jobs.Add(taskType: 1).TaskId);
        shown.Emulator.Faults.When(_ => true, EmulatorFault.Throttle(TimeSpan.FromHours(1)));
        await Expect(shown.Connection).ToHaveAttributeAsync("data-state", "failing");
        IPage second = await shown.Page.Context.NewPageAsync();
        await second.AddInitScriptAsync("""
            window.said = [];
            document.addEventListener('DOMContentLoaded', () => {
              const connection = document.getElementById('connection');
              new MutationObserver(() => said.push(connection.textContent)).observe(connection, { childList: true });
            });
            """);

        await second.GotoAsync(shown.Page.Url);

        await Expect(second.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(taskId);
        await Expect(second.Locator("#connection")).ToHaveTextAsync("The jobs cannot be read. Trying again…");
        await Expect(second.Locator("#detail")).Not.ToBeEmptyAsync();
        Assert.DoesNotContain("Live", await second.EvaluateAsync<string[]>("said"));
        Assert.Empty(shown.Complaints);
    }

    [Fact]
    public async Task While_nothing_is_known_the_page_says_nothing_of_jobs()
    {
        await using ShownDashboard shown = await ShownDashboard.StartAsync(
            browser, emulator => emulator.Faults.When(_ => true, EmulatorFault.NeverAnswer), new JobWatchOptions());
        await Expect(shown.Connection).ToHaveTextAsync("Reading the list…");

        await Expect(shown.Page.Locator(".empty:visible")).ToHaveCountAsync(0);
        await Expect(shown.Page.Locator(".count")).ToHaveTextAsync(["", "", ""]);
    }

    [Fact]
    public async Task Progress_is_asked_for_once_at_a_time()
    {
        string taskId = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => jobs.Start(taskId = jobs.Add(taskType: 1).TaskId));
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = 0;
        await shown.Page.RouteAsync("**/jobs/unfinished", async route =>
        {
            Interlocked.Increment(ref asked);
            await answered.Task;
            await route.ContinueAsync();
        });

        // The page knows of each only when the poll that brought the one before is completed.
        for (int later = 0; later < 3; later++)
        {
            await Expect(shown.Row("Running", shown.Jobs.Add(taskType: 2).TaskId)).ToBeVisibleAsync();
        }

        Assert.Equal(1, asked);
        shown.Jobs.SetProgress(taskId, 40);
        answered.SetResult();
        await Expect(shown.Row("Running", taskId)).ToContainTextAsync("40 %");
    }

    [Fact]
    public async Task Jobs_that_are_not_followed_are_told_of_instead_of_live()
    {
        await using ShownDashboard shown = await ShownDashboard.StartAsync(
            browser,
            emulator => emulator.Jobs.AddMany(Enumerable.Range(0, 3).Select(_ => new EmulatedJob { TaskType = 1, Status = 1 })),
            new JobWatchOptions { MaxUnfinishedJobs = 2 });

        await Expect(shown.Connection).ToHaveTextAsync("Live, but the oldest unfinished jobs are no longer followed");
        await Expect(shown.Detail).ToContainTextAsync("unfinished");
        string taskId = shown.Jobs.Add(taskType: 2).TaskId;
        await Expect(shown.Row("Running", taskId)).ToBeVisibleAsync();
        await Expect(shown.Connection).ToHaveTextAsync("Live, but the oldest unfinished jobs are no longer followed");
        Assert.Empty(shown.Complaints);
    }

    [Fact]
    public async Task What_changes_with_each_try_is_not_read_out()
    {
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, _ => { });
        await shown.Page.EvaluateAsync("""
            () => {
              window.changes = [];
              for (const id of ['connection', 'detail']) {
                new MutationObserver(() => changes.push(id)).observe(document.getElementById(id), { childList: true });
              }
            }
            """);

        // Each failure has another trace id.
        shown.Emulator.Faults.When(_ => true, EmulatorFault.Fail(503));
        await shown.Page.WaitForFunctionAsync("() => changes.filter(id => id === 'detail').length >= 3");

        Assert.Single(await shown.Page.EvaluateAsync<string[]>("changes"), id => id == "connection");
        await Expect(shown.Page.Locator("[role=status] #detail, [role=log] #detail, #detail[role], #detail[aria-live]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_page_that_is_hidden_leaves_its_connection_and_comes_back_when_it_is_seen()
    {
        await using var watch = new ScriptedWatch(new JobListed { Job = new Job { TaskId = "1", Status = JobStatus.Processing } }, new WatchSynced());
        await using DashboardServer dashboard = await DashboardServer.StartAsync(watch, port: 0, TimeProvider.System, TestEnd);
        IPage page = await browser.OpenAsync();
        await page.GotoAsync(dashboard.Endpoint.ToString());
        await Expect(page.Locator("#connection")).ToHaveTextAsync("Live");

        await ShowAsync(page, hidden: true);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("Paused while the page is hidden");
        await watch.Left.WaitAsync(TestEnd);

        await ShowAsync(page, hidden: false);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("Live");
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync("1");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_connection_that_has_gone_silent_is_lost_and_one_with_a_heartbeat_is_not()
    {
        var time = new FakeTimeProvider();
        await using var watch = new ScriptedWatch(new WatchSynced());
        await using DashboardServer dashboard = await DashboardServer.StartAsync(watch, port: 0, time, TestEnd);
        IPage page = await browser.OpenAsync();
        await page.Clock.InstallAsync();
        await page.AddInitScriptAsync("""
            window.beats = 0;
            window.EventSource = class extends EventSource {
              constructor(address) {
                super(address);
                this.addEventListener('heartbeat', () => beats++);
              }
            };
            """);
        await page.GotoAsync(dashboard.Endpoint.ToString());
        ILocator connection = page.Locator("#connection");
        await Expect(connection).ToHaveTextAsync("Live");
        await page.Clock.PauseAtAsync(DateTimeOffset.FromUnixTimeMilliseconds(await page.EvaluateAsync<long>("Date.now() + 20_000")).UtcDateTime);

        do
        {
            time.Advance(JobEventStream.HeartbeatInterval);
        }
        while (await page.EvaluateAsync<int>("beats") < 2);

        await page.Clock.RunForAsync(30_000);
        await Expect(connection).ToHaveTextAsync("Live");

        await page.Clock.RunForAsync(20_000);
        await Expect(connection).ToHaveTextAsync("Disconnected. Trying again…");

        await page.Clock.ResumeAsync();
        await Expect(connection).ToHaveTextAsync("Live");
        await page.Context.CloseAsync();
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

    [Fact]
    public async Task Numbers_above_2_to_the_53_are_exact()
    {
        var running = new Job { TaskId = "1", Status = JobStatus.Processing, ContentCount = 9_007_199_254_740_993, Progress = 10 };
        var failed = new Job { TaskId = "2", Status = JobStatus.Completed, Result = JobResult.AllFailed, ResultCode = -9_223_372_036_854_775_807 };
        await using var watch = new ScriptedWatch(
            new JobListed { Job = running }, new JobListed { Job = failed }, new WatchSynced(), new PollCompleted { Poll = 1, RequestCount = 1, JobCount = 1, ChangeCount = 0, Duration = TimeSpan.Zero })
        {
            Unfinished = [running with { ContentCount = 9_007_199_254_740_995, Progress = 40 }],
        };
        await using DashboardServer dashboard = await DashboardServer.StartAsync(watch, port: 0, TimeProvider.System, TestEnd);
        IPage page = await browser.OpenAsync(new() { Locale = "en-US" });
        List<string> errors = [];
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync(dashboard.Endpoint.ToString());

        // What came with the event, then what was read with the progress.
        await Expect(page.GetByText("(code -9223372036854775807)")).ToBeVisibleAsync();
        await Expect(page.GetByText("40 %")).ToBeVisibleAsync();
        await Expect(page.GetByText("9,007,199,254,740,995", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(errors);
        await page.Context.CloseAsync();
    }

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    // No tab of a headless browser is ever hidden.
    private static async Task ShowAsync(IPage page, bool hidden) => await page.EvaluateAsync(
        """
        hidden => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        hidden);
}
