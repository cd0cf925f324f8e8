using System.Diagnostics;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

/// <summary>A host as a process of its own.</summary>
public class HostProcessTests
{
    [Fact(Timeout = 120_000)]
    public async Task Process_exits_with_a_code_other_than_0_when_the_hosted_watch_fails()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        using HostProcess process = await StartAsync(emulator, TestContext.Current.CancellationToken);

        emulator.Credentials.ReplaceTokens("another");

        (int exitCode, string exception) = await process.WaitForExitAsync();
        Assert.NotEqual(0, exitCode);
        Assert.Contains(nameof(JobsAuthenticationException), exception, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Process_exits_with_code_0_when_the_host_is_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        using HostProcess process = await StartAsync(emulator, TestContext.Current.CancellationToken);

        using Process kill = Process.Start("kill", ["-s", "TERM", $"{process.Id}"]);

        Assert.Equal((0, ""), await process.WaitForExitAsync());
    }

    /// <summary>Starts the process, which has handled a change when this returns.</summary>
    private static async Task<HostProcess> StartAsync(JobsEmulator emulator, CancellationToken cancellationToken)
    {
        var process = new HostProcess(emulator.Endpoint);

        // Only a job that is added after the first poll is a change.
        await emulator.Requests.WaitForCountAsync(2, cancellationToken);
        string taskId = emulator.Jobs.Add(taskType: 2).TaskId;
        Assert.Equal(taskId, await process.Output.ReadLineAsync(cancellationToken));
        return process;
    }

    private sealed class HostProcess : IDisposable
    {
        private readonly Process _process;

        public HostProcess(Uri endpoint)
        {
            // Its dependencies are a subset of the dependencies of the tests.
            string tests = Path.ChangeExtension(typeof(HostProcessTests).Assembly.Location, null);
            string program = Path.Combine(Path.GetDirectoryName(tests)!, "KooDrive.Jobs.Streams.HostedWatch.dll");
            string[] host = ["exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", program];
            var defaults = new JobsEmulatorOptions();
            _process = Process.Start(new ProcessStartInfo("dotnet", [.. host, endpoint.ToString(), defaults.UserId, defaults.AccessToken])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }

        public int Id => _process.Id;

        public StreamReader Output => _process.StandardOutput;

        public async Task<(int ExitCode, string Error)> WaitForExitAsync()
        {
            string exception = await _process.StandardError.ReadToEndAsync(TestClients.Cancellation);
            await _process.WaitForExitAsync(TestClients.Cancellation);
            return (_process.ExitCode, exception);
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.Dispose();
        }
    }
}
