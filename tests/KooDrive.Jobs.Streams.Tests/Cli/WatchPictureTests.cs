using KooDrive.Jobs.Streams.Cli.Watching;
using KooDrive.Jobs.Streams.Tests.Cli.Dashboard;
using KooDrive.Jobs.Streams.Tests.Packages;
using Microsoft.Playwright;

namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>Pictures of <c>koojobs watch</c> to look at, in <c>artifacts/watch</c>. One of them is in the README.</summary>
[Collection(BrowserTests.Name)]
public class WatchPictureTests(Browser browser)
{
    private const string Command = "$ koojobs watch --until-idle";
    private const string Description = "koojobs watch in a terminal: a line for each job that appears, starts or finishes, above a table of the unfinished jobs";

    private static readonly DateTimeOffset Start = new(2026, 1, 31, 9, 10, 5, TimeSpan.Zero);

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private static string Folder => Directory.CreateDirectory(Path.Combine(SourceTree.Root, "artifacts", "watch")).FullName;

    public static MatrixTheoryData<string, ColorScheme> Pictures => new(["40x24", "80x24", "120x30"], [ColorScheme.Light, ColorScheme.Dark]);

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Watch_is_pictured(string size, ColorScheme scheme)
    {
        LongTests.SkipUnlessEnabled();
        int[] cells = [.. size.Split('x').Select(int.Parse)];
        TerminalScreen screen = await WatchAsync(cells[0], cells[1]);
        string[] lines = [.. screen.Lines];
        Assert.Contains(lines, line => line.StartsWith("TASK ID", StringComparison.Ordinal));
        Assert.StartsWith("4 unfinished", lines[^2], StringComparison.Ordinal);
        Assert.Empty(lines[^1]);

        string svg = (scheme == ColorScheme.Dark ? TerminalPicture.Dark : TerminalPicture.Light).Draw(screen, Description);
        string path = Path.Combine(Folder, $"watch-{size}-{scheme}".ToLowerInvariant());
        await File.WriteAllTextAsync($"{path}.svg", svg, TestEnd);

        IPage page = await browser.OpenAsync(new() { ColorScheme = scheme });
        await page.SetContentAsync(svg);
        await page.Locator("svg").ScreenshotAsync(new() { Path = $"{path}.png" });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task README_shows_what_watch_prints()
    {
        string drawn = TerminalPicture.Dark.Draw(await WatchAsync(80, 24), Description);
        await File.WriteAllTextAsync(Path.Combine(Folder, "watch.svg"), drawn, TestEnd);
        string shown = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "src", "KooDrive.Jobs.Streams.Cli", "watch.svg"), TestEnd);

        Assert.True(shown == drawn, "The picture is out of date. Look at artifacts/watch/watch.svg and copy it to src/KooDrive.Jobs.Streams.Cli.");
    }

    private static async Task<TerminalScreen> WatchAsync(int columns, int rows)
    {
        var run = new KooJobs { Terminal = true, Width = columns, Height = rows };
        IReadOnlyList<Job> current = [];
        var session = new WatchSession(run.Environment, EventFormat.Text) { CurrentJobs = () => current };
        foreach ((JobEvent jobEvent, IReadOnlyList<Job> unfinished) in Story())
        {
            current = unfinished;
            await session.HandleAsync(jobEvent, TestEnd);
        }

        var screen = new TerminalScreen(columns, rows);
        screen.Write($"{Command}\n");
        screen.Write(run.OutputText);
        return screen;
    }

    /// <summary>The events of a watch, each with the unfinished jobs after its poll.</summary>
    private static IEnumerable<(JobEvent Event, IReadOnlyList<Job> Unfinished)> Story()
    {
        var jobs = new Dictionary<int, Job>();
        int seconds = 0, poll = 0;
        Add(1, JobType.PackageDownload, JobStatus.Processing, -95, 40);
        Add(2, JobType.BatchReplication, JobStatus.Processing, -12, 10);
        Add(3, JobType.BatchDeletion, JobStatus.Pending, -2);
        foreach (Job job in jobs.Values)
        {
            yield return (new JobListed { Job = job, ObservedAt = Now() }, []);
        }

        yield return (new WatchSynced { ObservedAt = Now() }, []);
        yield return Polled();

        NextPoll();
        yield return Change(3, JobStatus.Processing, progress: 5);
        yield return Added(4, JobType.BatchRelocation, JobStatus.Pending);
        yield return Added(5, JobType.RecycleBinClearance, JobStatus.Pending);
        jobs[1] = jobs[1] with { Progress = 55 };
        yield return Polled();

        NextPoll();
        yield return Change(2, JobStatus.Completed, JobResult.AllSucceeded);
        yield return Change(4, JobStatus.Processing, progress: 20);
        yield return Added(6, JobType.CloudDecompression, JobStatus.Processing, progress: 0);
        yield return Polled();

        NextPoll();
        yield return (
            new PollFailed
            {
                Exception = new JobsServerException("The server responded with an error. Retry later. (HTTP 503, offset 0)"),
                ConsecutiveFailureCount = 1,
                Delay = TimeSpan.FromSeconds(5),
                ObservedAt = Now(),
            },
            Unfinished());

        NextPoll();
        yield return Change(3, JobStatus.Completed, JobResult.AllFailed);
        yield return Change(5, JobStatus.Canceled);
        yield return Added(7, JobType.BatchRestoration, JobStatus.Pending);
        yield return Polled();

        NextPoll();
        yield return Change(4, JobStatus.Completed, JobResult.PartiallyFailed);
        yield return Change(7, JobStatus.Processing, progress: 30);
        yield return Added(8, JobType.BatchReplication, JobStatus.Pending);
        jobs[1] = jobs[1] with { Progress = 90 };
        jobs[6] = jobs[6] with { Progress = 35 };
        yield return Polled();

        DateTimeOffset Now() => Start.AddSeconds(seconds);

        void NextPoll() => seconds += 5;

        void Add(int number, JobType type, JobStatus status, int createdAfter, int? progress = null) => jobs[number] = new Job
        {
            TaskId = $"{2093610144868069376 + (number * 8_388_608_123)}",
            Type = type,
            Status = status,
            Progress = progress,
            CreateTime = Start.AddSeconds(createdAfter),
        };

        (JobEvent, IReadOnlyList<Job>) Added(int number, JobType type, JobStatus status, int? progress = null)
        {
            Add(number, type, status, seconds - 2, progress);
            return (new JobAdded { Job = jobs[number], ObservedAt = Now() }, Unfinished());
        }

        (JobEvent, IReadOnlyList<Job>) Change(int number, JobStatus status, JobResult? result = null, int? progress = null)
        {
            Job previous = jobs[number];
            jobs[number] = previous with { Status = status, Result = result, Progress = progress };
            return (new JobChanged { Job = jobs[number], Previous = previous, ObservedAt = Now() }, Unfinished());
        }

        (JobEvent, IReadOnlyList<Job>) Polled() => (
            new PollCompleted { Poll = ++poll, RequestCount = 1, JobCount = jobs.Count, ChangeCount = 0, Duration = TimeSpan.Zero, ObservedAt = Now() },
            Unfinished());

        IReadOnlyList<Job> Unfinished() => [.. jobs.Values.Where(job => !job.IsFinished)];
    }
}
