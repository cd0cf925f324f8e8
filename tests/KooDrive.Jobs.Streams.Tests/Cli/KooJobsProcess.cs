using System.Diagnostics;
using KooDrive.Jobs.Streams.Cli;

namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>Runs <c>koojobs</c> as a process of its own, for what belongs to processes: signals and pipes.</summary>
internal sealed class KooJobsProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>The command without its arguments.</summary>
    private static string[] Command
    {
        get
        {
            // Its dependencies are the tests' here: those that ASP.NET Core brings are not copied beside it.
            string tests = Path.ChangeExtension(typeof(KooJobsProcess).Assembly.Location, null);
            return ["dotnet", "exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", typeof(KooJobsCommand).Assembly.Location];
        }
    }

    public KooJobsProcess(Dictionary<string, string> variables, params string[] arguments)
        : this([], variables, arguments)
    {
    }

    /// <param name="launcher">A command that runs another one, and its arguments.</param>
    /// <param name="variables">The environment.</param>
    /// <param name="arguments">The arguments of <c>koojobs</c>.</param>
    public KooJobsProcess(string[] launcher, Dictionary<string, string> variables, string[] arguments)
    {
        string[] command = [.. launcher, .. Command, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("KOODRIVE_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Error => _process.StandardError;

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal by its name, as a shell would.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
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
