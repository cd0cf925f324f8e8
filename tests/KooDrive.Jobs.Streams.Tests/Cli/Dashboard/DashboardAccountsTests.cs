using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

[Collection(BrowserTests.Name)]
public class DashboardAccountsTests(Browser browser)
{
    private const string Bob = "1505084218764547201";
    private const string Carol = "1505084218764547202";

    [Fact]
    public async Task Page_shows_and_filters_the_jobs_of_several_accounts()
    {
        LongTests.SkipUnlessEnabled();
        var jobs = new Dictionary<string, EmulatedJobStore>();
        await using ShownDashboard shown = await OpenAsync(jobs);
        await Expect(shown.Connection).ToHaveTextAsync("Live");
        await Expect(shown.TaskIds).ToHaveCountAsync(3);
        await Expect(shown.Table("Running").GetByRole(AriaRole.Columnheader)).ToHaveCountAsync(6);

        // Two accounts have a job with the same id.
        ILocator accounts = shown.Table("Running").Locator("td.account");
        await Expect(accounts.GetByText(Bob)).ToHaveCountAsync(1);
        await Expect(accounts.GetByText(Carol)).ToHaveCountAsync(1);
        await Expect(shown.Table("Running").Locator(".id", new() { HasText = "1001" })).ToHaveCountAsync(2);

        jobs[Bob].Finish("1001", taskResultCode: 3);
        await Expect(shown.Table("Failed").Locator("td.account")).ToHaveTextAsync(Bob);
        await Expect(shown.Row("Running", "1001")).ToHaveCountAsync(1);
        jobs[Carol].SetProgress("1001", 40);
        await Expect(shown.Row("Running", "1001")).ToContainTextAsync("40 %");

        await shown.Page.GetByLabel("Account").SelectOptionAsync(Carol);
        await Expect(shown.TaskIds).ToHaveCountAsync(1);
        await Expect(shown.Page.Locator("#hidden-failures")).ToHaveTextAsync("The filter hides 1 failed job.");
        await shown.Page.ReloadAsync();
        await Expect(shown.TaskIds).ToHaveCountAsync(1);
        await Expect(shown.Page.GetByLabel("Account")).ToHaveValueAsync(Carol);
        Assert.Empty(shown.BrowserErrors);
    }

    [Fact]
    public async Task Page_shows_the_other_accounts_while_one_fails()
    {
        LongTests.SkipUnlessEnabled();
        var jobs = new Dictionary<string, EmulatedJobStore>();
        await using ShownDashboard shown = await OpenAsync(jobs, emulator => emulator.Credentials.RevokeToken(ShownDashboard.TokenOf(Bob)));

        await Expect(shown.Connection).ToHaveTextAsync("The jobs of 1 of 3 accounts cannot be read. Retrying…");
        await Expect(shown.Detail).ToContainTextAsync($"Account {Bob}: ");
        await Expect(shown.Detail).ToContainTextAsync("--user-id");
        await Expect(shown.TaskIds).ToHaveCountAsync(2);
        await Expect(shown.Page.GetByText("No job has failed.")).ToBeHiddenAsync();

        shown.Emulator.Credentials.AcceptToken(ShownDashboard.TokenOf(Bob), Bob);
        await Expect(shown.Connection).ToHaveTextAsync("Live");
        await Expect(shown.TaskIds).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Page_has_no_choice_of_accounts_when_there_is_one()
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => jobs.Add(taskType: 1));
        await Expect(shown.TaskIds).ToHaveCountAsync(1);

        await Expect(shown.Page.GetByLabel("Account")).ToBeHiddenAsync();
        await Expect(shown.Table("Running").GetByRole(AriaRole.Columnheader)).ToHaveCountAsync(5);
        await Expect(shown.Table("Running")).Not.ToContainTextAsync(TestClients.UserId, new() { UseInnerText = true });
    }

    [Fact]
    public async Task Page_uses_one_connection_for_ten_accounts()
    {
        LongTests.SkipUnlessEnabled();
        string[] userIds = [.. Enumerable.Range(0, 9).Select(index => $"{2000 + index}")];
        await using ShownDashboard shown = await ShownDashboard.StartAsync(
            browser,
            emulator => Array.ForEach(userIds, userId => emulator.AddUser(userId, ShownDashboard.TokenOf(userId)).Add(taskType: 1)),
            new JobWatchOptions(),
            otherUsers: userIds);

        // A browser opens at most six connections to one server.
        await Expect(shown.TaskIds).ToHaveCountAsync(9);
        await Expect(shown.Connection).ToHaveTextAsync("Live");
        Assert.Empty(shown.BrowserErrors);
    }

    private async Task<ShownDashboard> OpenAsync(Dictionary<string, EmulatedJobStore> jobs, Action<JobsEmulator>? prepare = null) => await ShownDashboard.StartAsync(
        browser,
        emulator =>
        {
            emulator.Jobs.Add(taskType: 2);
            foreach (string userId in (string[])[Bob, Carol])
            {
                jobs[userId] = emulator.AddUser(userId, ShownDashboard.TokenOf(userId));
                jobs[userId].Add(new EmulatedJob { TaskId = "1001", TaskType = 1, Status = 1 });
            }

            prepare?.Invoke(emulator);
        },
        new JobWatchOptions { FatalErrorGracePeriod = TimeSpan.Zero },
        new() { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } },
        otherUsers: [Bob, Carol]);
}
