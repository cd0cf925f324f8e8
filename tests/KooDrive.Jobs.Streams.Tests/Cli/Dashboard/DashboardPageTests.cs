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
    public async Task Page_shows_jobs_as_they_appear_change_and_finish()
    {
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, _ => { });
        await Expect(shown.Page.GetByText("No job is running.")).ToBeVisibleAsync();

        string taskId = shown.Jobs.Add(taskType: 2, contentNum: 1234).TaskId;
        ILocator running = shown.Row("Running", taskId);
        await Expect(running).ToContainTextAsync("Batch deletion");
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
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Page_shows_a_failed_job_first_and_announces_it()
    {
        string taskId = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs =>
        {
            taskId = jobs.Add(taskType: 1).TaskId;
            jobs.Start(taskId);
            jobs.Finish(jobs.Add(taskType: 2).TaskId);
        });
        await Expect(shown.Page.Locator("#jobs").GetByRole(AriaRole.Table)).ToHaveCountAsync(2);

        shown.Jobs.Finish(taskId, taskResultCode: 3, resultCode: 13000311);

        await Expect(shown.Row("Failed", taskId)).ToContainTextAsync("All failed (code 13000311)");
        await Expect(shown.Page.Locator("#jobs").GetByRole(AriaRole.Table).First).ToHaveAccessibleNameAsync("Failed 1");
        await Expect(shown.Page.GetByRole(AriaRole.Log)).ToHaveTextAsync($"1 job finished, 1 failed. {taskId}: All failed (code 13000311)");
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Page_shows_only_the_newest_failed_jobs()
    {
        string newest = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => newest = jobs.AddMany(
            Enumerable.Range(0, 12).Select(_ => new EmulatedJob { TaskType = 1, Status = 2, TaskResultCode = 3 }))[^1].TaskId);

        await Expect(shown.Page.GetByText("3 newest of 12 shown")).ToBeVisibleAsync();
        await Expect(shown.Table("Failed").GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(3);
        await Expect(shown.Table("Failed").Locator(".id").First).ToHaveTextAsync(newest);

        await shown.ShowAll("Failed").ClickAsync();
        await Expect(shown.Table("Failed").GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(12);
        await shown.Page.GetByRole(AriaRole.Button, new() { Name = "Show fewer" }).ClickAsync();
        await Expect(shown.Table("Failed").GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(3);
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Page_filters_by_type_and_status_with_the_keyboard()
    {
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs =>
        {
            jobs.Add(taskType: 1);
            jobs.Add(taskType: 2);
            jobs.Start(jobs.Add(taskType: 2).TaskId);
            jobs.Finish(jobs.Add(taskType: 2).TaskId);
        });
        ILocator rows = shown.TaskIds;
        await Expect(rows).ToHaveCountAsync(4);

        await shown.Page.Keyboard.PressAsync("Tab");
        await Expect(shown.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the jobs" })).ToBeFocusedAsync();
        await shown.Page.Keyboard.PressAsync("Tab");
        await Expect(shown.Page.GetByLabel("Type")).ToBeFocusedAsync();
        await Expect(shown.Page.GetByLabel("Type")).ToHaveCSSAsync("outline-style", "solid");
        await shown.Page.Keyboard.TypeAsync("Batch d");
        await Expect(rows).ToHaveCountAsync(3);

        await shown.Page.Keyboard.PressAsync("Tab");
        await Expect(shown.Page.GetByLabel("Status")).ToBeFocusedAsync();
        await shown.Page.Keyboard.TypeAsync("Proc");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(shown.Table("Running")).ToContainTextAsync("Processing");

        await shown.Page.Keyboard.PressAsync("Home");
        await Expect(rows).ToHaveCountAsync(3);
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Page_shows_the_current_jobs_after_a_restart_of_the_dashboard()
    {
        string gone = "", changed = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(
            browser, jobs => (gone, changed) = (jobs.Add(taskType: 1).TaskId, jobs.Add(taskType: 2).TaskId));
        await Expect(shown.Row("Running", gone)).ToBeVisibleAsync();

        int port = await shown.StopServingAsync();
        await Expect(shown.Connection).ToHaveTextAsync("Disconnected. Reconnecting…");
        await Expect(shown.Row("Running", gone)).ToBeVisibleAsync();
        shown.Jobs.Remove(gone);
        shown.Jobs.Start(changed);
        await shown.ServeAsync(port);

        await Expect(shown.Connection).ToHaveTextAsync("Live");
        await Expect(shown.Row("Running", changed)).ToContainTextAsync("Processing");
        await Expect(shown.Row("Running", gone)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Page_reports_failed_polls_and_keeps_the_jobs()
    {
        string taskId = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => taskId = jobs.Add(taskType: 1).TaskId);

        shown.Emulator.Credentials.ReplaceTokens("another-token");
        await Expect(shown.Connection).ToHaveTextAsync("The jobs cannot be read. Retrying…");
        await Expect(shown.Detail).ToContainTextAsync("401");
        await Expect(shown.Detail).ToContainTextAsync("check --user-id and --authorization-prefix");
        await Expect(shown.Row("Running", taskId)).ToBeVisibleAsync();
        await Expect(shown.Page.Locator("body")).Not.ToContainTextAsync("emulator-access-token");

        shown.Emulator.Credentials.ReplaceTokens("emulator-access-token");
        await Expect(shown.Connection).ToHaveTextAsync("Live");
    }

    [Fact]
    public async Task Page_never_reports_live_when_opened_while_polls_fail()
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

        await Expect(second.Locator("#jobs").Locator(".id")).ToHaveTextAsync(taskId);
        await Expect(second.Locator("#connection")).ToHaveTextAsync("The jobs cannot be read. Retrying…");
        await Expect(second.Locator("#detail")).Not.ToBeEmptyAsync();
        Assert.DoesNotContain("Live", await second.EvaluateAsync<string[]>("said"));
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Page_shows_no_counts_before_the_initial_snapshot()
    {
        await using ShownDashboard shown = await ShownDashboard.StartAsync(
            browser, emulator => emulator.Faults.When(_ => true, EmulatorFault.NeverRespond), new JobWatchOptions());
        await Expect(shown.Connection).ToHaveTextAsync("Reading the list…");

        await Expect(shown.Page.Locator(".empty:visible")).ToHaveCountAsync(0);
        await Expect(shown.Page.Locator(".count")).ToHaveTextAsync(["", "", ""]);
    }

    [Fact]
    public async Task Page_requests_progress_one_request_at_a_time()
    {
        string taskId = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => jobs.Start(taskId = jobs.Add(taskType: 1).TaskId));
        var responded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int progressRequestCount = 0;
        await shown.Page.RouteAsync("**/jobs/unfinished", async route =>
        {
            Interlocked.Increment(ref progressRequestCount);
            await responded.Task;
            await route.ContinueAsync();
        });

        // The page receives each job after the poll of the previous job is completed.
        for (int later = 0; later < 3; later++)
        {
            await Expect(shown.Row("Running", shown.Jobs.Add(taskType: 2).TaskId)).ToBeVisibleAsync();
        }

        Assert.Equal(1, progressRequestCount);
        shown.Jobs.SetProgress(taskId, 40);
        responded.SetResult();
        await Expect(shown.Row("Running", taskId)).ToContainTextAsync("40 %");
    }

    [Fact]
    public async Task Page_reports_untracked_jobs_instead_of_live()
    {
        await using ShownDashboard shown = await ShownDashboard.StartAsync(
            browser,
            emulator => emulator.Jobs.AddMany(Enumerable.Range(0, 3).Select(_ => new EmulatedJob { TaskType = 1, Status = 1 })),
            new JobWatchOptions { MaxUnfinishedJobs = 2 });

        await Expect(shown.Connection).ToHaveTextAsync("Live, but the oldest unfinished jobs are no longer tracked");
        await Expect(shown.Detail).ToContainTextAsync("unfinished");
        string taskId = shown.Jobs.Add(taskType: 2).TaskId;
        await Expect(shown.Row("Running", taskId)).ToBeVisibleAsync();
        await Expect(shown.Connection).ToHaveTextAsync("Live, but the oldest unfinished jobs are no longer tracked");
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Page_does_not_announce_details_that_change_with_each_retry()
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
    public async Task Page_closes_its_connection_while_it_is_hidden()
    {
        await using var watch = new FakeWatch(new JobListed { Job = new Job { TaskId = "1", Status = JobStatus.Processing } }, new WatchSynced());
        await using DashboardServer dashboard = await DashboardServer.StartAsync([new("1", watch)], port: 0, TimeProvider.System, TestEnd);
        IPage page = await browser.OpenAsync();
        await page.GotoAsync(dashboard.Endpoint.ToString());
        await Expect(page.Locator("#connection")).ToHaveTextAsync("Live");

        await ShowAsync(page, hidden: true);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("Paused while the page is hidden");
        await watch.Unsubscribed.WaitAsync(TestEnd);

        await ShowAsync(page, hidden: false);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("Live");
        await Expect(page.Locator("#jobs").Locator(".id")).ToHaveTextAsync("1");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Page_counts_failures_in_its_title_while_it_is_hidden()
    {
        string taskId = "";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => jobs.Start(taskId = jobs.Add(taskType: 1).TaskId));
        await Expect(shown.Row("Running", taskId)).ToBeVisibleAsync();
        await shown.Page.Clock.InstallAsync();
        await ShowAsync(shown.Page, hidden: true);
        await Expect(shown.Connection).ToHaveTextAsync("Paused while the page is hidden");
        shown.Jobs.Finish(taskId, taskResultCode: 3);

        // A hidden page reads the jobs once a minute.
        await shown.Page.Clock.RunForAsync(60_000);
        await Expect(shown.Page).ToHaveTitleAsync("(1) KooDrive jobs");
        await Expect(shown.Connection).ToHaveTextAsync("Paused while the page is hidden");

        await ShowAsync(shown.Page, hidden: false);
        await Expect(shown.Connection).ToHaveTextAsync("Live");
        await Expect(shown.Page).ToHaveTitleAsync("KooDrive jobs");
    }

    [Fact]
    public async Task Page_reconnects_when_neither_events_nor_heartbeats_arrive()
    {
        var time = new HeartbeatTime();
        await using var watch = new FakeWatch(new WatchSynced());
        await using DashboardServer dashboard = await DashboardServer.StartAsync([new("1", watch)], port: 0, time, TestEnd);
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

        // Waits for every heartbeat, because a heartbeat that is in flight would interrupt the silence that follows.
        for (int beats = 0; beats < 2 || beats < time.HeartbeatCount; beats = await page.EvaluateAsync<int>("beats"))
        {
            if (beats < 2)
            {
                time.Advance(AccountEventStream.HeartbeatInterval);
            }
        }

        await page.Clock.RunForAsync(30_000);
        await Expect(connection).ToHaveTextAsync("Live");

        // In steps shorter than the delay of the reconnection, because the page shows the new connection as soon as it is open.
        for (int second = 30; second < 50 && await connection.TextContentAsync() == "Live"; second++)
        {
            await page.Clock.RunForAsync(1000);
        }

        await Expect(connection).ToHaveTextAsync("Disconnected. Reconnecting…");

        await page.Clock.ResumeAsync();
        await Expect(connection).ToHaveTextAsync("Live");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Page_shows_markup_from_the_server_as_text()
    {
        const string Markup = "<img src=x onerror=alert(1)><b>bold</b><script>alert(2)</script>";
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs =>
        {
            jobs.Add(new EmulatedJob { TaskType = 2, Status = 1, TaskName = Markup });
            jobs.Add(new EmulatedJob { TaskId = "<i>1</i>", TaskType = 2, Status = 1 });
        });

        await Expect(shown.Page.GetByText(Markup)).ToBeVisibleAsync();
        await Expect(shown.Page.Locator(".id", new() { HasText = "<i>1</i>" })).ToBeVisibleAsync();
        await Expect(shown.Page.Locator("main").Locator("img, b, i, script")).ToHaveCountAsync(0);
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Page_shows_numbers_above_2_to_the_53_exactly()
    {
        var running = new Job { TaskId = "1", Status = JobStatus.Processing, ContentCount = 9_007_199_254_740_993, Progress = 10 };
        var failed = new Job { TaskId = "2", Status = JobStatus.Completed, Result = JobResult.AllFailed, ResultCode = -9_223_372_036_854_775_807 };
        await using var watch = new FakeWatch(
            new JobListed { Job = running }, new JobListed { Job = failed }, new WatchSynced(), new PollCompleted { Poll = 1, RequestCount = 1, JobCount = 1, ChangeCount = 0, Duration = TimeSpan.Zero })
        {
            Unfinished = [running with { ContentCount = 9_007_199_254_740_995, Progress = 40 }],
        };
        await using DashboardServer dashboard = await DashboardServer.StartAsync([new("1", watch)], port: 0, TimeProvider.System, TestEnd);
        IPage page = await browser.OpenAsync(new() { Locale = "en-US" });
        List<string> errors = [];
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync(dashboard.Endpoint.ToString());

        // The value of the event, then the value of the progress request.
        await Expect(page.GetByText("(code -9223372036854775807)")).ToBeVisibleAsync();
        await Expect(page.GetByText("40 %")).ToBeVisibleAsync();
        await Expect(page.GetByText("9,007,199,254,740,995", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(errors);
        await page.Context.CloseAsync();
    }

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    // A tab of a headless browser is never hidden.
    private static async Task ShowAsync(IPage page, bool hidden) => await page.EvaluateAsync(
        """
        hidden => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        hidden);

    /// <summary>Counts the heartbeats, each of which is the end of a wait.</summary>
    private sealed class HeartbeatTime : FakeTimeProvider
    {
        private int _heartbeatCount;

        public int HeartbeatCount => Volatile.Read(ref _heartbeatCount);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
            timerState =>
            {
                Interlocked.Increment(ref _heartbeatCount);
                callback(timerState);
            },
            state,
            dueTime,
            period);
    }
}
