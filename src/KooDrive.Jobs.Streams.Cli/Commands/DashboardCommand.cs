using System.CommandLine;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Dashboard;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs dashboard</c>: a page on loopback that shows the jobs, until Ctrl-C.</summary>
internal sealed class DashboardCommand : Command
{
    private readonly Option<long?> _port = OptionValues.WholeNumber("--port", 0, 65535, "The port of the page on 127.0.0.1, 0 to 65535; default 0, any free one.");
    private readonly Option<TimeSpan?> _interval = OptionValues.Seconds("--interval", "Time from the end of a poll to the next, while a page is open; default 5, with --emulator 1.");
    private readonly ConnectionOptions _connection;
    private readonly CommandEnvironment _environment;

    public DashboardCommand(CommandEnvironment environment, Option<bool> verbose)
        : base("dashboard", "Shows the jobs as they change on a page for a browser on this machine: prints its address, and serves it until Ctrl-C.")
    {
        _environment = environment;
        Add(_port);
        Add(_interval);
        _connection = new ConnectionOptions(this, verbose);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // The life of an emulator goes on for as long as somebody may look at it.
        await using Connection connection = await _connection.OpenAsync(
            parsed, _environment, cancellationToken, emulator => (emulator.Speed, emulator.ScriptedJobs) = (1, int.MaxValue));
        var options = new JobWatchOptions();
        options.PollInterval = parsed.GetValue(_interval) ?? (connection.IsEmulator ? WatchCommand.EmulatorInterval : options.PollInterval);
        await using JobWatch watch = connection.Watch(options);
        await using DashboardServer dashboard = await StartAsync(watch, (int)(parsed.GetValue(_port) ?? 0), _environment.Time, cancellationToken);
        await using (StreamWriter output = _environment.CreateOutputWriter())
        {
            await output.WriteLineAsync($"listening on {dashboard.Endpoint.GetLeftPart(UriPartial.Authority)}");
        }

        await _environment.Error.WriteLineAsync("Open the address in a browser. The server is asked only while the page is open and seen. Ctrl-C stops it.");
        await Task.Delay(Timeout.InfiniteTimeSpan, _environment.Time, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<DashboardServer> StartAsync(JobWatch watch, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await DashboardServer.StartAsync(watch, port, time, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new CommandException($"Port {port} cannot be used: {exception.Message} Choose another with --port, or leave it out.", exception);
        }
    }
}
