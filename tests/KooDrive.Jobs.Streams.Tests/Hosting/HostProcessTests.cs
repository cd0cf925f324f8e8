using System.Diagnostics;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

/// <summary>A host in a separate process.</summary>
public class HostProcessTests
{
    [Fact(Timeout = 120_000)]
    public async Task Process_exits_with_a_code_other_than_0_when_the_hosted_watch_fails()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        using ProgramProcess process = await StartAsync(emulator, TestContext.Current.CancellationToken);

        emulator.Credentials.ReplaceTokens("another");

        (int exitCode, string exception) = await process.WaitForExitAsync(TestClients.Cancellation);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(nameof(JobsAuthenticationException), exception, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Process_exits_with_code_0_when_the_host_is_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        using ProgramProcess process = await StartAsync(emulator, TestContext.Current.CancellationToken);

        using var kill = Process.Start("kill", ["-s", "TERM", $"{process.Id}"]);

        Assert.Equal((0, ""), await process.WaitForExitAsync(TestClients.Cancellation));
    }

    /// <summary>Starts the process, which has handled a change when this returns.</summary>
    private static async Task<ProgramProcess> StartAsync(JobsEmulator emulator, CancellationToken cancellationToken)
    {
        var defaults = new JobsEmulatorOptions();
        var process = new ProgramProcess("KooDrive.Jobs.Streams.HostedWatch", emulator.Endpoint.ToString(), defaults.UserId, defaults.AccessToken);

        // Only a job that is added after the first poll is a change.
        await emulator.Requests.WaitForCountAsync(2, cancellationToken);
        string taskId = emulator.Jobs.Add(taskType: 2).TaskId;
        Assert.Equal(taskId, await process.Output.ReadLineAsync(cancellationToken));
        return process;
    }
}
