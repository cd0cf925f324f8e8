using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Watching;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public partial class LiveTableTests
{
    private const string ClearScreen = "\e[2J";

    private static readonly Job Running = new()
    {
        TaskId = "1320279189273965056",
        Type = JobType.RecycleBinClearance,
        Status = JobStatus.Processing,
        CreateTime = DateTimeOffset.UnixEpoch,
    };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_shows_progress_as_it_changes()
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        string taskId = emulator.Jobs.Add(taskType: 2).TaskId;
        emulator.Jobs.Start(taskId);
        emulator.BeforeResponse = (request, _) =>
        {
            if (request.Number < 8)
            {
                emulator.Jobs.SetProgress(taskId, (int)request.Number * 10);
            }
            else if (request.Number == 8)
            {
                emulator.Jobs.Finish(taskId);
            }

            return ValueTask.CompletedTask;
        };
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator), Terminal = true };

        Assert.Equal(ExitCode.Success, await command.RunAsync("watch", "--until-idle", "--interval", "0.1"));

        // A poll may take more than one request.
        Assert.InRange(Percentage().Matches(command.OutputText).Select(match => match.Value).Distinct().Count(), 3, 7);
    }

    [Theory]
    [InlineData(46, 30)]
    [InlineData(100, 10)]
    [InlineData(46, 6)]
    [InlineData(160, 50)]
    public async Task Watch_redraws_the_whole_screen_when_the_terminal_is_resized(int width, int height)
    {
        var run = new KooJobs { Terminal = true, Width = 100, Height = 30 };
        var session = new WatchSession(run.Environment, EventFormat.Text);
        foreach (JobEvent jobEvent in Events(jobs: 20))
        {
            await session.HandleAsync(jobEvent, TestEnd);
        }

        Assert.DoesNotContain(ClearScreen, run.OutputText, StringComparison.Ordinal);
        (run.Width, run.Height) = (width, height);
        run.Resized!();
        string[] screen = Screen(run.OutputText);
        await session.CompleteAsync();

        Assert.Null(run.Resized);
        Assert.InRange(screen.Length, Math.Min(height, 25) - 3, height - 1);
        Assert.All(screen, line => Assert.InRange(line.Length, 1, width - 1));
        int title = Array.FindIndex(screen, line => line.StartsWith("TASK ID", StringComparison.Ordinal));
        int rows = screen.Length - title - 2;
        Assert.True(rows > 0);
        Assert.All(screen[..title], line => Assert.DoesNotContain("unfinished, the", line, StringComparison.Ordinal));
        Assert.StartsWith("20 unfinished", screen[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_does_not_redraw_on_resize_before_the_table_is_drawn()
    {
        var run = new KooJobs { Terminal = true, Width = 100 };
        var session = new WatchSession(run.Environment, EventFormat.Text);
        await session.HandleAsync(new JobListed { Job = Running }, TestEnd);

        run.Width = 46;
        run.Resized!();

        Assert.Empty(run.OutputText);
    }

    [Fact(Timeout = 120_000)]
    public async Task Watch_redraws_on_the_resize_signal_without_waiting_for_a_poll()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no /usr/bin/script, which runs a command on a pseudo-terminal.");
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        emulator.Jobs.Add(taskType: 2);
        using var process = KooJobsProcess.OnTerminal(100, 30, KooJobs.ConnectionTo(emulator), "watch", "--interval", "3600");
        string terminal = (await process.Output.ReadLineAsync(TestContext.Current.CancellationToken))!.Trim();
        await ReadUntilAsync(process.Output, "1 unfinished; poll");

        using var resize = Process.Start("stty", ["-F", terminal, "cols", "46"]);
        await resize.WaitForExitAsync(TestContext.Current.CancellationToken);

        await ReadUntilAsync(process.Output, ClearScreen);
        string[] screen = Screen(ClearScreen + await ReadUntilAsync(process.Output, "1 unfinished"));
        Assert.Contains(screen, line => line.StartsWith("TASK ID", StringComparison.Ordinal));
        Assert.All(screen, line => Assert.InRange(line.Length, 1, 45));
        Assert.InRange(emulator.Requests.Count, 1, 2);
    }

    private static IEnumerable<JobEvent> Events(int jobs)
    {
        for (int job = 0; job < jobs; job++)
        {
            yield return new JobListed { Job = Running with { TaskId = $"{1320279189273965056 + job}", Status = JobStatus.Pending } };
        }

        yield return new WatchSynced();
        for (int job = 0; job < jobs; job++)
        {
            Job pending = Running with { TaskId = $"{1320279189273965056 + job}", Status = JobStatus.Pending };
            yield return new JobChanged { Previous = pending, Job = pending with { Status = JobStatus.Processing } };
        }

        yield return new PollCompleted { Poll = 1, RequestCount = 1, JobCount = 1, ChangeCount = 0, Duration = TimeSpan.Zero };
    }

    /// <summary>The lines that were written since the screen was cleared.</summary>
    private static string[] Screen(string output)
    {
        string written = output[(output.LastIndexOf(ClearScreen, StringComparison.Ordinal) + ClearScreen.Length)..];
        return [.. AnsiSequence().Replace(written, "").Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0)];
    }

    private static async Task<string> ReadUntilAsync(StreamReader reader, string end)
    {
        var text = new StringBuilder();
        char[] buffer = new char[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.Equal(1, await reader.ReadAsync(buffer, TestEnd));
            text.Append(buffer[0]);
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\b\d+ %")]
    private static partial Regex Percentage();

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex AnsiSequence();
}
