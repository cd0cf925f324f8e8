using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Packages;
using Microsoft.Playwright;
using static KooDrive.Jobs.Streams.Tests.Cli.Dashboard.EmulatedTimes;
using static Microsoft.Playwright.Assertions;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

/// <summary>Pictures of the page to look at, in <c>artifacts/dashboard</c>. Also checks each of them with axe-core.</summary>
[Collection(BrowserTests.Name)]
public class DashboardScreenshotTests(Browser browser)
{
    private const string OtherUser = "1505084218764547201";

    public static MatrixTheoryData<string, ColorScheme> Pages => new(["1440x900", "1024x768", "390x844"], [ColorScheme.Light, ColorScheme.Dark]);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_is_pictured(string size, ColorScheme scheme)
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await OpenAsync(size, scheme);
        await Expect(shown.Connection).ToHaveTextAsync("Live");
        await Expect(shown.Page.Locator("#outcomes g").First).ToBeVisibleAsync();
        await TakeAsync(shown, $"jobs-{size}-{scheme}");

        await shown.Page.GetByLabel("Type").SelectOptionAsync("2");
        shown.Emulator.Credentials.RevokeToken(ShownDashboard.TokenOf(OtherUser));
        await Expect(shown.Connection).ToHaveTextAsync("The jobs of 1 of 2 accounts cannot be read. Retrying…");
        await TakeAsync(shown, $"failing-{size}-{scheme}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_without_jobs_is_pictured(string size, ColorScheme scheme)
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await OpenEmptyAsync(size, scheme);
        await TakeAsync(shown, $"empty-{size}-{scheme}");

        int port = await shown.StopServingAsync();
        await Expect(shown.Connection).ToHaveTextAsync("Disconnected. Reconnecting…");
        await TakeAsync(shown, $"disconnected-{size}-{scheme}");
        await shown.ServeAsync(port);
    }

    [Theory]
    [InlineData("1440x900", ColorScheme.Light)]
    [InlineData("390x844", ColorScheme.Dark)]
    public async Task Page_without_jobs_has_no_violation_of_the_rules_of_axe(string size, ColorScheme scheme)
    {
        await using ShownDashboard shown = await OpenEmptyAsync(size, scheme);
        await LoadAxeAsync(shown.Page);

        Assert.Empty(await ViolationsAsync(shown.Page));

        int port = await shown.StopServingAsync();
        await Expect(shown.Connection).ToHaveTextAsync("Disconnected. Reconnecting…");
        Assert.Empty(await ViolationsAsync(shown.Page));
        await shown.ServeAsync(port);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_has_no_violation_of_the_rules_of_axe(string size, ColorScheme scheme)
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await OpenAsync(size, scheme);
        await Expect(shown.Connection).ToHaveTextAsync("Live");
        await Expect(shown.Page.Locator("#outcomes g").First).ToBeVisibleAsync();
        await LoadAxeAsync(shown.Page);

        Assert.Empty(await ViolationsAsync(shown.Page));

        await shown.ShowAll("Failed").ClickAsync();
        await shown.Page.GetByLabel("Type").SelectOptionAsync("2");
        shown.Emulator.Credentials.RevokeToken(ShownDashboard.TokenOf(OtherUser));
        await Expect(shown.Connection).ToHaveTextAsync("The jobs of 1 of 2 accounts cannot be read. Retrying…");
        Assert.Empty(await ViolationsAsync(shown.Page));
    }

    private static async Task LoadAxeAsync(IPage page)
    {
        string axe = Path.Combine(SourceTree.Root, "tests", "axe", "node_modules", "axe-core", "axe.min.js");
        Assert.SkipUnless(File.Exists(axe), "axe-core is not installed. Run `npm ci --prefix tests/axe`.");
        await page.EvaluateAsync(await File.ReadAllTextAsync(axe, TestContext.Current.CancellationToken));
    }

    private async Task<ShownDashboard> OpenEmptyAsync(string size, ColorScheme scheme)
    {
        ShownDashboard shown = await ShownDashboard.OpenAsync(browser, _ => { }, Options(size, scheme));
        await Expect(shown.Page.GetByText("No job is running.")).ToBeVisibleAsync();
        return shown;
    }

    private async Task<ShownDashboard> OpenAsync(string size, ColorScheme scheme) => await ShownDashboard.StartAsync(
        browser,
        emulator =>
        {
            AddMany(emulator.Jobs, seed: 1);
            AddMany(emulator.AddUser(OtherUser, ShownDashboard.TokenOf(OtherUser)), seed: 2);
        },
        new JobWatchOptions { FatalErrorGracePeriod = TimeSpan.Zero },
        Options(size, scheme),
        otherUsers: OtherUser);

    private static BrowserNewContextOptions Options(string size, ColorScheme scheme)
    {
        int[] pixels = [.. size.Split('x').Select(int.Parse)];
        return new()
        {
            ViewportSize = new ViewportSize { Width = pixels[0], Height = pixels[1] },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-US",
        };
    }

    private static async Task TakeAsync(ShownDashboard shown, string name) => await shown.Page.ScreenshotAsync(new()
    {
        Path = Path.Combine(SourceTree.Root, "artifacts", "dashboard", $"{name.ToLowerInvariant()}.png"),
    });

    private static async Task<string[]> ViolationsAsync(IPage page) => await page.EvaluateAsync<string[]>("""
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
          .flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help}: ${node.html}`))
        """);

    private static void AddMany(EmulatedJobStore jobs, int seed)
    {
        var random = new Random(seed);
        jobs.AddMany(Enumerable.Range(0, 80).Select(index => Ended(
            TimeSpan.FromSeconds((80 - index) * 50),
            TimeSpan.FromSeconds(2 + (900 * Math.Pow(random.NextDouble(), 4))),
            result: random.Next(6) == 0 ? random.Next(2, 4) : 1,
            type: random.Next(1, 8))).Select(job => job with
            {
                ContentNum = random.Next(4000),
                TaskName = random.Next(4) == 0 ? "Nightly copy of the project folders" : null,
                DownloadUrl = job.TaskType == 6 && job.TaskResultCode == 1 ? "https://drive.example/package.zip" : null,
            }));
        jobs.AddMany(Enumerable.Range(0, 8).Select(index => Running(TimeSpan.FromMinutes(Math.Pow(9 - index, 2.3)), type: index % 7 + 1, progress: index % 3 == 0 ? null : 10 * index)));
    }
}
