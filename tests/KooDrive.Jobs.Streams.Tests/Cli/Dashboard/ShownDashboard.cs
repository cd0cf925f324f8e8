using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Dashboard;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Playwright;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

/// <summary>The page in a browser, with a dashboard, a watch and an emulator.</summary>
internal sealed class ShownDashboard : IAsyncDisposable
{
    private readonly JobsClient _client;
    private readonly JobWatchOptions _watching;
    private readonly IReadOnlyList<string> _otherUsers;
    private readonly List<string> _browserErrors = [];
    private DashboardServer? _server;
    private IReadOnlyList<Account> _accounts = [];

    private ShownDashboard(JobsEmulator emulator, IPage page, JobWatchOptions watching, IReadOnlyList<string> otherUsers)
    {
        _watching = watching;
        _watching.PollInterval = TimeSpan.FromSeconds(0.1);
        _watching.MaxPollRetryDelay = TimeSpan.FromSeconds(0.1);
        _otherUsers = otherUsers;
        Emulator = emulator;
        Page = page;
        _client = TestClients.ToEmulator(emulator.Endpoint, options => options.MaxRetries = 0);
    }

    public JobsEmulator Emulator { get; }

    public EmulatedJobStore Jobs => Emulator.Jobs;

    public IPage Page { get; }

    public ILocator Connection => Page.Locator("#connection");

    /// <summary>The details of the connection state, which are not announced.</summary>
    public ILocator Detail => Page.Locator("#detail");

    /// <summary>The errors of the browser: script errors and violations of the content security policy.</summary>
    public IReadOnlyList<string> BrowserErrors => _browserErrors;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>The region with the counts and the charts.</summary>
    public ILocator Overview => Page.Locator("#overview");

    /// <summary>The ids in the three tables.</summary>
    public ILocator TaskIds => Page.Locator("#jobs").GetByRole(AriaRole.Rowheader);

    public ILocator ShowAll(string section) =>
        Page.GetByRole(AriaRole.Region, new() { Name = section }).GetByRole(AriaRole.Button, new() { Name = "Show all" });

    /// <summary>Opens the page and waits until it shows the jobs.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="jobs">Adds the jobs of the first user.</param>
    /// <param name="options">The options of the page.</param>
    /// <param name="query">The query of the page's address.</param>
    public static async Task<ShownDashboard> OpenAsync(
        Browser browser, Action<EmulatedJobStore> jobs, BrowserNewContextOptions? options = null, string query = "")
    {
        ShownDashboard shown = await StartAsync(browser, emulator => jobs(emulator.Jobs), new JobWatchOptions(), options, query);
        await Assertions.Expect(shown.Connection).ToHaveTextAsync("Live");
        return shown;
    }

    /// <summary>Opens the page without waiting.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="prepare">Adds jobs and faults.</param>
    /// <param name="watching">The options of the watches.</param>
    /// <param name="options">The options of the page.</param>
    /// <param name="query">The query of the page's address.</param>
    /// <param name="otherUsers">The ids of further users of the emulator.</param>
    public static async Task<ShownDashboard> StartAsync(
        Browser browser,
        Action<JobsEmulator> prepare,
        JobWatchOptions watching,
        BrowserNewContextOptions? options = null,
        string query = "",
        params IReadOnlyList<string> otherUsers)
    {
        IPage page = await browser.OpenAsync(options);
        JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        var shown = new ShownDashboard(emulator, page, watching, otherUsers);
        prepare(emulator);
        await shown.ServeAsync(port: 0);
        page.Console += (_, message) => shown.Record(message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => shown.Record(error);
        page.Dialog += (_, dialog) => shown.Record(dialog.Message);
        await page.GotoAsync($"{shown._server!.Endpoint}{query}");
        return shown;
    }

    /// <summary>The token of a further user.</summary>
    public static string TokenOf(string userId) => $"token-of-{userId}";

    public ILocator Table(string name) => Page.GetByRole(AriaRole.Table, new() { Name = name });

    public ILocator Row(string table, string taskId) => Table(table).GetByRole(AriaRole.Row, new() { Name = taskId });

    /// <summary>Stops the dashboard, as Ctrl-C does.</summary>
    /// <returns>The port, which the next dashboard can use.</returns>
    public async Task<int> StopServingAsync()
    {
        int port = _server!.Endpoint.Port;
        await _server.DisposeAsync();
        foreach (Account account in _accounts)
        {
            await account.Watch.DisposeAsync();
        }

        return port;
    }

    /// <summary>Starts a new dashboard with new watches.</summary>
    public async Task ServeAsync(int port)
    {
        _accounts =
        [
            new(TestClients.UserId, _client.WatchJobs(_watching)),
            .. _otherUsers.Select(userId => new Account(userId, _client.ForUser(userId, new AccessTokenCredential(TokenOf(userId))).WatchJobs(_watching))),
        ];
        _server = await DashboardServer.StartAsync(_accounts, port, TimeProvider.System, TestEnd);
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        await StopServingAsync();
        _client.Dispose();
        await Emulator.DisposeAsync();
    }

    private void Record(string? error)
    {
        if (error is not null)
        {
            _browserErrors.Add(error);
        }
    }
}
