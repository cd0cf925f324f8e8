using System.CommandLine;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Help;
using KooDrive.Jobs.Streams.Cli.Parsing;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs emulator</c>: serves the API on loopback until Ctrl-C is pressed.</summary>
internal sealed class EmulatorCommand : Command, IHasExamples
{
    private readonly Option<long?> _port = OptionValues.WholeNumber("--port", 0, 65535, "The port on 127.0.0.1; default 0, any free port");

    private readonly Option<long?> _jobs = OptionValues.WholeNumber(
        "--jobs", 0, 1_000_000, $"The number of jobs at the start; default {Connection.SampleJobCount}");

    private readonly Option<long?> _seed = OptionValues.WholeNumber("--seed", int.MinValue, int.MaxValue, "The same seed creates the same jobs; default 1");

    private readonly Option<double?> _speed = OptionValues.Number(
        "--speed", "X", 0, 1000, "Jobs are added and run: 1 adds one per second");

    private readonly Option<bool> _shuffleTies = OptionValues.Flag("--shuffle-ties", "Order jobs of one second differently each time");

    private readonly CommandEnvironment _environment;

    public EmulatorCommand(CommandEnvironment environment)
        : base("emulator", "Serves the API with sample jobs until Ctrl-C is pressed")
    {
        _environment = environment;
        foreach (Option option in (Option[])[_port, _jobs, _seed, _speed, _shuffleTies])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } = ["koojobs emulator --port 5080 --speed 1"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // With --speed, jobs are created until Ctrl-C is pressed.
        var options = new JobsEmulatorOptions { ScriptedJobCount = int.MaxValue };
        options.Port = (int?)parsed.GetValue(_port) ?? options.Port;
        options.SampleJobCount = (int?)parsed.GetValue(_jobs) ?? Connection.SampleJobCount;
        options.Seed = (int?)parsed.GetValue(_seed) ?? options.Seed;
        options.Speed = parsed.GetValue(_speed) ?? options.Speed;
        options.ShuffleTies = parsed.GetValue(_shuffleTies);

        await using JobsEmulator emulator = await StartAsync(options, cancellationToken);
        await WriteAddressAsync(emulator, options);
        await Task.Delay(Timeout.InfiniteTimeSpan, _environment.Time, cancellationToken);
        return ExitCode.Success;
    }

    private static async Task<JobsEmulator> StartAsync(JobsEmulatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await JobsEmulator.StartAsync(options, cancellationToken: cancellationToken);
        }
        catch (IOException exception)
        {
            throw new CommandException(
                $"Port {options.Port} cannot be used: {exception.Message} Choose another port with --port, or omit --port to use a free port.", exception);
        }
    }

    private async Task WriteAddressAsync(JobsEmulator emulator, JobsEmulatorOptions options)
    {
        string address = emulator.Endpoint.GetLeftPart(UriPartial.Authority);
        await using (StreamWriter output = _environment.CreateOutputWriter())
        {
            await output.WriteLineAsync($"listening on {address}");
        }

        await _environment.Error.WriteLineAsync("To list the jobs, run these commands in another terminal:");
        await _environment.Error.WriteLineAsync($"  export KOODRIVE_USER_ID={options.UserId} KOODRIVE_TOKEN={options.AccessToken}");
        await _environment.Error.WriteLineAsync($"  {_environment.CommandName} list --endpoint {address}");
        await _environment.Error.WriteLineAsync("Press Ctrl-C to stop.");
    }
}
