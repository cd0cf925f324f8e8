using Microsoft.Playwright;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

/// <summary>One headless Chromium for all tests of the page. Each test uses a separate profile.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    // No background network traffic. The sandbox does not work for root.
    private static readonly string[] Flags =
    [
        "--disable-gpu", "--in-process-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(),
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Flags });

        // A long timeout, because the other tests run concurrently.
        Assertions.SetDefaultExpectTimeout(60_000);
    }

    /// <summary>Opens a page in a separate profile. Skips the test if no browser is installed.</summary>
    public async Task<IPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(_browser is null, $"There is no {Chromium}; tests/README.md says how to install it.");

        // An animation would be drawn without a graphics card.
        options ??= new();
        options.ReducedMotion ??= ReducedMotion.Reduce;
        IBrowserContext context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(60_000);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}

/// <summary>The tests that share the browser. They run sequentially.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Browser>
{
    public const string Name = "Browser";
}
