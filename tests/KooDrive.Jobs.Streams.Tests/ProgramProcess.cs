using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Tests;

/// <summary>A program of the tests as a process of its own, which is killed when it is disposed. Its dependencies are a subset of those of the tests.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="name">The name of the program's assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    public ProgramProcess(string name, params IEnumerable<string> arguments)
    {
        string tests = Path.ChangeExtension(typeof(ProgramProcess).Assembly.Location, null);
        string program = Path.Combine(Path.GetDirectoryName(tests)!, $"{name}.dll");
        string[] host = ["exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", program];
        _process = Process.Start(new ProcessStartInfo("dotnet", [.. host, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    public async Task<(int ExitCode, string Error)> WaitForExitAsync(CancellationToken cancellationToken)
    {
        string error = await _process.StandardError.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, error);
    }

    /// <summary>Kills the process as SIGKILL does, and waits until it has ended.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
