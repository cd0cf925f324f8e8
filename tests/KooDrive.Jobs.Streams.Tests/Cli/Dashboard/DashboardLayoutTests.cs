using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Playwright;
using static KooDrive.Jobs.Streams.Tests.Cli.Dashboard.EmulatedTimes;
using static Microsoft.Playwright.Assertions;

namespace KooDrive.Jobs.Streams.Tests.Cli.Dashboard;

[Collection(BrowserTests.Name)]
public class DashboardLayoutTests(Browser browser)
{
    // Long names make the rows high, so that fewer rows are visible.
    private const string Name = "Nightly replication of the project folders to the archive";

    // Returns what is wider than the page, columns that are too narrow for a word, rows that do not show the type, and counts that overlap a chart.
    private const string Crowded = """
        () => {
          const box = element => element.getBoundingClientRect();
          const isShown = element => element.checkVisibility() && box(element).width > 60;
          const overlaps = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
          const charts = [...document.querySelectorAll('#overview figure')].map(box);
          return [
            ...document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [],
            ...[...document.querySelectorAll('#jobs thead th')].filter(cell => cell.checkVisibility() && box(cell).width < 60).map(cell => `${cell.textContent} is narrow`),
            ...[...document.querySelectorAll('#jobs tbody tr')].filter(row => ![...row.querySelectorAll('.type, .narrow:not(.account)')].some(isShown)).map(() => 'no type'),
            ...[...document.querySelectorAll('#overview dt, #overview dd, #oldest-job span')].filter(part => charts.some(chart => overlaps(chart, box(part)))).map(part => `${part.textContent} is on a chart`),
          ];
        }
        """;

    [Fact]
    public async Task Failed_and_running_jobs_are_both_visible_at_1440_by_900()
    {
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, AddMany, Size(1440, 900));

        foreach (string section in (string[])["Failed", "Running"])
        {
            await Expect(shown.Table(section).GetByRole(AriaRole.Rowheader).Nth(2)).ToBeInViewportAsync(new() { Ratio = 1 });
        }

        await shown.ShowAll("Failed").ClickAsync();
        await Expect(shown.Table("Failed").GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(40);
        await shown.ShowAll("Running").ClickAsync();
        await Expect(shown.Table("Running").GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(30);
        Assert.Empty(shown.BrowserErrors);
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    [InlineData(390, 844)]
    public async Task Columns_of_the_three_tables_are_aligned(int width, int height)
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, AddMany, Size(width, height));
        await Expect(shown.Page.Locator("#jobs").GetByRole(AriaRole.Table)).ToHaveCountAsync(3);

        double[][] columns = await shown.Page.EvaluateAsync<double[][]>("""
            () => [...document.querySelectorAll('#jobs table')].map(table =>
              [...table.tHead.rows[0].cells].filter(cell => cell.checkVisibility()).map(cell => cell.getBoundingClientRect().left))
            """);

        Assert.Equal(width == 390 ? 3 : 5, columns[0].Length);
        Assert.All(columns, column => Assert.Equal(columns[0], column));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1505084218764547201")]
    public async Task Columns_and_charts_have_space_at_every_width(string otherUsers)
    {
        LongTests.SkipUnlessEnabled();
        await using ShownDashboard shown = await ShownDashboard.StartAsync(
            browser,
            emulator =>
            {
                AddMany(emulator.Jobs);
                emulator.Jobs.Add(Running(TimeSpan.FromHours(2), type: 2) with { ActionType = 202 });
                if (otherUsers.Length > 0)
                {
                    AddMany(emulator.AddUser(otherUsers, ShownDashboard.TokenOf(otherUsers)));
                }
            },
            new JobWatchOptions(),
            Size(1440, 900),
            otherUsers: otherUsers.Split(',', StringSplitOptions.RemoveEmptyEntries));
        await Expect(shown.Page.Locator("#oldest-job")).ToContainTextAsync("permanent deletion");
        var problems = new List<string>();
        foreach (int width in (int[])[1440, 1280, 1120, 1024, 1009, 1008, 960, 900, 820, 768, 721, 720, 600, 480, 390, 360])
        {
            await shown.Page.SetViewportSizeAsync(width, 900);
            problems.AddRange((await shown.Page.EvaluateAsync<string[]>(Crowded)).Select(problem => $"{width}: {problem}"));
        }

        Assert.Empty(problems);
    }

    [Fact]
    public async Task Times_of_failures_and_whole_ids_are_visible_at_390_pixels()
    {
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, AddMany, Size(390, 844));
        ILocator row = shown.Table("Failed").GetByRole(AriaRole.Row).Nth(1);
        await Expect(row).ToContainTextAsync("Batch replication");

        await Expect(row.Locator("time")).ToBeInViewportAsync(new() { Ratio = 1 });
        string[] wrapped = await shown.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.id')]
              .filter(id => id.scrollWidth > id.clientWidth || id.getClientRects().length > 1 || id.clientHeight > 2 * parseFloat(getComputedStyle(id).fontSize))
              .map(id => id.textContent)
            """);
        Assert.Empty(wrapped);
        Assert.Matches("^[0-9]{19}$", await shown.Page.Locator(".id").First.TextContentAsync());
        Assert.Equal(390, await shown.Page.Locator("html").EvaluateAsync<int>("root => root.scrollWidth"));
    }

    [Fact]
    public async Task Package_downloads_are_links_if_their_address_is_secure()
    {
        EmulatedJob package = Ended(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), type: 6);
        await using ShownDashboard shown = await ShownDashboard.OpenAsync(browser, jobs => jobs.AddMany(
        [
            package with { TaskId = "1001", DownloadUrl = "https://drive.example/package.zip?signature=1" },
            package with { TaskId = "1002", DownloadUrl = "http://drive.example/package.zip" },
            package with { TaskId = "1003", DownloadUrl = "javascript:alert(1)" },
            package with { TaskId = "1004", DownloadUrl = "/package.zip" },
            package with { TaskId = "1005", DownloadUrl = "https://" },
        ]));
        await Expect(shown.TaskIds).ToHaveCountAsync(5);

        ILocator link = shown.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link);
        await Expect(link).ToHaveCountAsync(1);
        await Expect(link).ToHaveAccessibleNameAsync("Download package of job 1001");
        await Expect(link).ToHaveAttributeAsync("href", "https://drive.example/package.zip?signature=1");
        await Expect(link).ToHaveAttributeAsync("rel", "noopener noreferrer");
        Assert.Empty(shown.BrowserErrors);
    }

    private static void AddMany(EmulatedJobStore jobs) => jobs.AddMany(
    [
        .. Enumerable.Range(0, 15).Select(index => Ended(TimeSpan.FromMinutes(60 - index), TimeSpan.FromSeconds(30))),
        .. Enumerable.Range(0, 40).Select(index => Ended(TimeSpan.FromMinutes(50 - index), TimeSpan.FromSeconds(30), result: 2) with { TaskName = Name }),
        .. Enumerable.Range(0, 30).Select(index => Running(TimeSpan.FromMinutes(40 - index), progress: index) with { TaskName = Name }),
    ]);

    private static BrowserNewContextOptions Size(int width, int height) => new() { ViewportSize = new ViewportSize { Width = width, Height = height }, Locale = "en-US" };
}
