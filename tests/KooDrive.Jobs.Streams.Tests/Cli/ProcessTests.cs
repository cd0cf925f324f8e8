using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class ProcessTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task List_exits_130_after_a_signal_and_prints_the_jobs_read_before(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Windows has no kill command.
        }

        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 300 }, cancellationToken: cancellation);
        emulator.Faults.When(request => request.Offset > 0, EmulatorFault.NeverRespond);
        using var process = new KooJobsProcess(KooJobs.ConnectionTo(emulator), "list");

        Task requested = emulator.Requests.WaitForCountAsync(2, cancellation);
        Assert.Same(requested, await Task.WhenAny(requested, process.WaitForExitAsync()));
        await process.SignalAsync(signal);

        string output = await process.Output.ReadToEndAsync(cancellation);
        Assert.Equal(ExitCode.Interrupted, await process.WaitForExitAsync());
        Assert.Equal(100, output.Count(character => character == '\n'));
        Assert.Contains("--resume v3.", await process.Error.ReadToEndAsync(cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ends_early_without_error_when_the_pipe_is_closed()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 20_000 }, cancellationToken: cancellation);
        using var process = new KooJobsProcess(KooJobs.ConnectionTo(emulator), "list");

        Assert.StartsWith("{\"taskId\":", await process.Output.ReadLineAsync(cancellation), StringComparison.Ordinal);
        process.Output.Close();

        Assert.Equal(ExitCode.Success, await process.WaitForExitAsync());
        Assert.Empty(await process.Error.ReadToEndAsync(cancellation));
        Assert.InRange(emulator.Requests.Count, 1, 100);
    }

    [Fact(Timeout = 120_000)]
    public async Task Watch_with_a_checkpoint_ends_when_the_pipe_is_closed_without_changes()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 3 }, cancellationToken: cancellation);
        using var file = new TemporaryFile("");
        File.Delete(file.Path);
        using var process = new KooJobsProcess(KooJobs.ConnectionTo(emulator), "watch", "--checkpoint", file.Path, "--interval", "0.1");

        // After the first poll without changes, every job has been published.
        string? line = "";
        while (line is not null && !line.Contains("\"changes\":0", StringComparison.Ordinal))
        {
            line = await process.Output.ReadLineAsync(cancellation);
        }

        process.Output.Close();

        Assert.Equal(ExitCode.Success, await process.WaitForExitAsync());
        Assert.Empty(await process.Error.ReadToEndAsync(cancellation));
    }
}
