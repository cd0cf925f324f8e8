using System.Diagnostics;
using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A <see cref="PageServer"/> in a process of its own, so that it shares neither heap nor thread pool with the client.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string Command = "server";
    private const string Greeting = "listening on ";

    private readonly Process _process;

    private ServerProcess(Process process, Uri endpoint) => (_process, Endpoint) = (process, endpoint);

    public Uri Endpoint { get; }

    public static async Task<ServerProcess> StartAsync(int jobs)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServerProcess).Assembly.Location, Command, jobs.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The server's process did not start.");
        string? line = await process.StandardOutput.ReadLineAsync();
        return line?.StartsWith(Greeting, StringComparison.Ordinal) == true
            ? new ServerProcess(process, new Uri(line[Greeting.Length..]))
            : throw new InvalidOperationException($"The server's process said: {line ?? "nothing"}");
    }

    /// <summary>What runs in that process, until its standard input ends: whatever becomes of its parent, it goes with it.</summary>
    public static async Task RunAsync(int jobs)
    {
        await using PageServer server = await PageServer.StartAsync(new RenderedJobs(jobs));
        Console.WriteLine(Greeting + server.Endpoint);
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
