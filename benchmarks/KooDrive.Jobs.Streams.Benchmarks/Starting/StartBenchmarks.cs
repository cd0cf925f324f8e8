using System.Diagnostics;
using BenchmarkDotNet.Attributes;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Whole processes of the command, compared with an empty process of the same runtime.</summary>
public class StartBenchmarks
{
    public const string NothingCommand = "nothing";

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static readonly string KooJobs = Path.Combine(
        Repository(), "src", "KooDrive.Jobs.Streams.Cli", "bin", Configuration, "net10.0", "koojobs.dll");

    [Benchmark(Baseline = true)]
    public Task<string> Nothing() => RunAsync(typeof(StartBenchmarks).Assembly.Location, NothingCommand);

    [Benchmark]
    public async Task<int> Help()
    {
        string help = await RunAsync(KooJobs, "--help");
        return help.Contains("watch", StringComparison.Ordinal) && help.Contains("list", StringComparison.Ordinal) ? help.Length : throw new InvalidOperationException($"No help: {help}");
    }

    [Benchmark]
    public async Task<int> List_emulator()
    {
        string[] lines = (await RunAsync(KooJobs, "list", "--emulator", "--output", "ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 0 && lines.All(line => line.StartsWith("{\"taskId\":\"", StringComparison.Ordinal)) && lines.Distinct().Count() == lines.Length
            ? lines.Length
            : throw new InvalidOperationException($"No list: {string.Join('\n', lines)}");
    }

    private static async Task<string> RunAsync(string assembly, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"It exited with {process.ExitCode}: {await errors}");
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "KooDrive.Jobs.Streams.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmarks run inside the repository only: they need the command beside them.");
        }

        return folder.FullName;
    }
}
