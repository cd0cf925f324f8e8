using System.CommandLine;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Dashboard;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Help;
using KooDrive.Jobs.Streams.Cli.Parsing;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs dashboard</c>: serves a page with the jobs on loopback until Ctrl-C is pressed.</summary>
internal sealed class DashboardCommand : Command, IHasExamples
{
    private readonly Option<long?> _port = OptionValues.WholeNumber("--port", 0, 65535, "The port on 127.0.0.1; default 0, any free port");
    private readonly Option<TimeSpan?> _interval = OptionValues.Seconds("--interval", "Between polls; default 5, with --emulator 1");
    private readonly ConnectionOptions _connection;
    private readonly CommandEnvironment _environment;

    public DashboardCommand(CommandEnvironment environment, Option<bool> verbose)
        : base("dashboard", "Serves a live page with the jobs until Ctrl-C is pressed")
    {
        _environment = environment;
        Add(_port);
        Add(_interval);
        _connection = new ConnectionOptions(this, verbose, severalUsers: true);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } = ["koojobs dashboard --emulator"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // The emulator adds jobs for as long as a page may be open.
        await using Connection connection = await _connection.OpenAsync(
            parsed, _environment, cancellationToken, emulator => (emulator.Speed, emulator.ScriptedJobCount) = (1, int.MaxValue));
        var options = new JobWatchOptions();
        options.PollInterval = parsed.GetValue(_interval) ?? (connection.IsEmulator ? WatchCommand.EmulatorInterval : options.PollInterval);
        IReadOnlyList<Account> accounts = connection.WatchAccounts(options);
        await using DashboardServer dashboard = await StartAsync(accounts, (int)(parsed.GetValue(_port) ?? 0), _environment.Time, cancellationToken);
        await using (StreamWriter output = _environment.CreateOutputWriter())
        {
            await output.WriteLineAsync($"listening on {dashboard.Endpoint.GetLeftPart(UriPartial.Authority)}");
        }

        await _environment.Error.WriteLineAsync("Open the address in a browser. While the page is hidden, the jobs are polled once a minute. Press Ctrl-C to stop.");
        await Task.Delay(Timeout.InfiniteTimeSpan, _environment.Time, cancellationToken);
        return ExitCode.Success;
    }

    private static async Task<DashboardServer> StartAsync(IReadOnlyList<Account> accounts, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await DashboardServer.StartAsync(accounts, port, time, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new CommandException($"Port {port} cannot be used: {exception.Message} Choose another port with --port, or omit --port to use a free port.", exception);
        }
    }
}
