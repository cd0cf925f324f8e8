using System.Diagnostics;
using System.Globalization;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A server in a separate process, so that it shares neither the heap nor the thread pool with the client.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string PagesCommand = "serve-pages";
    public const string EmulatorCommand = "serve-emulator";

    private readonly Process _process;

    private ServerProcess(Process process, Uri endpoint, Tally tally) => (_process, Endpoint, Tally) = (process, endpoint, tally);

    public Uri Endpoint { get; }

    /// <summary>The expected result of reading the whole list.</summary>
    public Tally Tally { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="command">The kind of the server: <see cref="PagesCommand"/> or <see cref="EmulatorCommand"/>.</param>
    /// <param name="jobs">The number of jobs.</param>
    public static async Task<ServerProcess> StartAsync(string command, int jobs)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServerProcess).Assembly.Location, command, jobs.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The server's process did not start.");
        string? line = await process.StandardOutput.ReadLineAsync();
        return line?.Split(' ') is [var endpoint, var checksum] && ulong.TryParse(checksum, CultureInfo.InvariantCulture, out ulong sum)
            ? new ServerProcess(process, new Uri(endpoint), new Tally(jobs, sum))
            : throw new InvalidOperationException($"The server's process said: {line ?? "nothing"}");
    }

    /// <summary>Serves rendered pages, which costs little.</summary>
    public static async Task RunPagesAsync(int count)
    {
        var jobs = new RenderedJobs(count);
        await using PageServer server = await PageServer.StartAsync(jobs);
        await RunAsync(server.Endpoint, jobs.Tally);
    }

    /// <summary>Runs the emulator with finished jobs.</summary>
    public static async Task RunEmulatorAsync(int count)
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync();
        emulator.Jobs.Fill(count);
        await RunAsync(emulator.Endpoint, emulator.Jobs.Snapshot().Aggregate(default(Tally), (tally, job) => tally.Add(job.TaskId)));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Waits until standard input is closed, so that the server always exits with its parent process.</summary>
    private static async Task RunAsync(Uri endpoint, Tally tally)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{endpoint} {tally.Checksum}"));
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
    }
}
