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
    private readonly List<string> _complaints = [];
    private DashboardServer? _server;
    private JobWatch? _watch;

    private ShownDashboard(JobsEmulator emulator, IPage page, JobWatchOptions watching)
    {
        _watching = watching;
        _watching.PollInterval = TimeSpan.FromSeconds(0.1);
        _watching.MaxPollRetryDelay = TimeSpan.FromSeconds(0.1);
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
    public IReadOnlyList<string> Complaints => _complaints;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>Opens the page and waits until it shows the jobs.</summary>
    public static async Task<ShownDashboard> OpenAsync(Browser browser, Action<EmulatedJobStore> jobs, BrowserNewContextOptions? options = null)
    {
        ShownDashboard shown = await StartAsync(browser, emulator => jobs(emulator.Jobs), new JobWatchOptions(), options);
        await Assertions.Expect(shown.Connection).ToHaveTextAsync("Live");
        return shown;
    }

    /// <summary>Opens the page without waiting.</summary>
    public static async Task<ShownDashboard> StartAsync(
        Browser browser, Action<JobsEmulator> prepare, JobWatchOptions watching, BrowserNewContextOptions? options = null)
    {
        IPage page = await browser.OpenAsync(options);
        JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestEnd);
        var shown = new ShownDashboard(emulator, page, watching);
        prepare(emulator);
        await shown.ServeAsync(port: 0);
        page.Console += (_, message) => shown.Complain(message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => shown.Complain(error);
        page.Dialog += (_, dialog) => shown.Complain(dialog.Message);
        await page.GotoAsync(shown._server!.Endpoint.ToString());
        return shown;
    }

    public ILocator Table(string name) => Page.GetByRole(AriaRole.Table, new() { Name = name });

    public ILocator Row(string table, string taskId) => Table(table).GetByRole(AriaRole.Row, new() { Name = taskId });

    /// <summary>Stops the dashboard, as Ctrl-C does.</summary>
    /// <returns>The port, which the next dashboard can use.</returns>
    public async Task<int> StopServingAsync()
    {
        int port = _server!.Endpoint.Port;
        await _server.DisposeAsync();
        await _watch!.DisposeAsync();
        return port;
    }

    /// <summary>Starts a new dashboard with a new watch.</summary>
    public async Task ServeAsync(int port)
    {
        _watch = _client.WatchJobs(_watching);
        _server = await DashboardServer.StartAsync(_watch, port, TimeProvider.System, TestEnd);
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        await StopServingAsync();
        _client.Dispose();
        await Emulator.DisposeAsync();
    }

    private void Complain(string? complaint)
    {
        if (complaint is not null)
        {
            _complaints.Add(complaint);
        }
    }
}
