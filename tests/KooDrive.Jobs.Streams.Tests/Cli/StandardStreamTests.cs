using System.Text.Json;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>Standard streams that cannot be written or read, with real processes.</summary>
public class StandardStreamTests
{
    private const string Full = "2>/dev/full";
    private const string Closed = "2>&-";
    private const string ForReading = "2</dev/null";

    [Theory(Timeout = 120_000)]
    [InlineData(Full)]
    [InlineData(Closed)]
    [InlineData(ForReading)]
    public async Task Usage_error_exits_2_when_standard_error_cannot_be_written(string redirection)
    {
        SkipWithoutShell();
        using var process = KooJobsProcess.Redirected(redirection, [], "list", "--typo");

        Assert.Equal(ExitCode.Usage, await process.WaitForExitAsync().WaitAsync(TestContext.Current.CancellationToken));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(Full)]
    [InlineData(Closed)]
    public async Task Wait_exits_4_at_the_timeout_when_standard_error_cannot_be_written(string redirection)
    {
        SkipWithoutShell();
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        string taskId = emulator.Jobs.Add(taskType: 2).TaskId;
        using var process = KooJobsProcess.Redirected(redirection, KooJobs.ConnectionTo(emulator), "wait", taskId, "--interval", "0.1", "--timeout", "1");

        Assert.Equal(ExitCode.TimedOut, await process.WaitForExitAsync());
    }

    [Theory(Timeout = 120_000)]
    [InlineData(Full)]
    [InlineData(Closed)]
    public async Task Watch_continues_after_a_failed_poll_when_standard_error_cannot_be_written(string redirection)
    {
        SkipWithoutShell();
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        string taskId = "";
        emulator.Faults.When(request => request.Number is 2 or 3, EmulatorFault.Throttle(TimeSpan.Zero));
        emulator.BeforeResponse = (request, _) =>
        {
            taskId = request.Number == 6 ? emulator.Jobs.Add(taskType: 2).TaskId : taskId;
            return ValueTask.CompletedTask;
        };
        using var process = KooJobsProcess.Redirected(
            redirection, KooJobs.ConnectionTo(emulator), "watch", "--changes-only", "--verbose", "--interval", "0.1");

        string? line = await process.Output.ReadLineAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(line);
        Assert.Equal(taskId, JsonDocument.Parse(line).RootElement.GetProperty("taskId").GetString());
        await process.SignalAsync("INT");
        Assert.Equal(ExitCode.Interrupted, await process.WaitForExitAsync());
    }

    [Fact(Timeout = 120_000)]
    public async Task List_exits_2_when_the_token_is_read_from_closed_standard_input()
    {
        SkipWithoutShell();
        using var process = KooJobsProcess.Redirected(
            "<&-", [], "list", "--endpoint", "http://127.0.0.1:9", "--user-id", "1", "--token-file", "-");

        string error = await process.Error.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Usage, await process.WaitForExitAsync());
        Assert.Equal("koojobs: --token-file: Cannot read '-': Standard input is closed. Redirect it from a file or a pipe.", error.TrimEnd());
    }

    [Theory(Timeout = 120_000)]
    [InlineData("list")]
    [InlineData("watch")]
    public async Task List_reports_closed_standard_output(string name)
    {
        SkipWithoutShell();
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 3 }, cancellationToken: TestContext.Current.CancellationToken);
        using var process = KooJobsProcess.Redirected(">&-", KooJobs.ConnectionTo(emulator), name);

        string error = await process.Error.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Failed, await process.WaitForExitAsync());
        Assert.Equal("koojobs: Standard output is closed. Redirect it to a file or a pipe.", error.TrimEnd());
    }

    private static void SkipWithoutShell() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The redirections are those of a POSIX shell.");
}
