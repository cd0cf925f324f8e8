using System.Diagnostics;
using System.Globalization;
using KooDrive.Jobs.Streams.Cli;

namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>Runs <c>koojobs</c> as a separate process, to test signals and pipes.</summary>
internal sealed class KooJobsProcess : IDisposable
{
    // A shell without job control starts its background jobs with an ignored SIGINT, which every process below them inherits.
    private static readonly string[] SignalReset = IsInterruptIgnored() ? ["env", "--default-signal=INT"] : [];

    private readonly Process _process;

    public KooJobsProcess(Dictionary<string, string> variables, params string[] arguments)
        : this(variables, line => line, arguments)
    {
    }

    /// <param name="launcher">A command that runs another one, and its arguments.</param>
    /// <param name="variables">The environment.</param>
    /// <param name="arguments">The arguments of <c>koojobs</c>.</param>
    public KooJobsProcess(string[] launcher, Dictionary<string, string> variables, string[] arguments)
        : this(variables, line => [.. launcher, .. line], arguments)
    {
    }

    private KooJobsProcess(Dictionary<string, string> variables, Func<string[], string[]> wrap, string[] arguments)
    {
        // Uses the runtime configuration of the tests, because the assemblies of ASP.NET Core are not copied to the output folder.
        string tests = Path.ChangeExtension(typeof(KooJobsProcess).Assembly.Location, null);
        string[] host = ["exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", typeof(KooJobsCommand).Assembly.Location];
        string[] line = [.. SignalReset, .. wrap(["dotnet", .. host, .. arguments])];
        var start = new ProcessStartInfo(line[0], line[1..])
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

    /// <summary>Starts the command with the redirections of a shell, e.g. <c>2&gt;/dev/full</c>.</summary>
    public static KooJobsProcess Redirected(string redirection, Dictionary<string, string> variables, params string[] arguments) =>
        new(variables, line => ["/bin/sh", "-c", $"exec \"$0\" \"$@\" {redirection}", .. line], arguments);

    /// <summary>Starts the command on a pseudo-terminal, whose name is the first line of the output.</summary>
    public static KooJobsProcess OnTerminal(int columns, int rows, Dictionary<string, string> variables, params string[] arguments) => new(
        new(variables) { ["TERM"] = "xterm", ["NO_COLOR"] = "" },
        line => ["script", "-qec", $"tty; stty cols {columns} rows {rows}; exec {string.Join(' ', line.Select(word => $"'{word}'"))}", "/dev/null"],
        arguments);

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
        using var kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
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

    private static bool IsInterruptIgnored()
    {
        const string Status = "/proc/self/status";
        const string Ignored = "SigIgn:";
        string? signals = OperatingSystem.IsLinux() ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        const ulong Interrupt = 1UL << (2 - 1);
        return signals is not null && (ulong.Parse(signals.AsSpan(Ignored.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & Interrupt) != 0;
    }
}
