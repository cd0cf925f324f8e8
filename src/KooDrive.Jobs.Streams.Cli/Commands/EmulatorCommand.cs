using System.CommandLine;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary><c>koojobs emulator</c>: a KooDrive on loopback until Ctrl-C.</summary>
internal sealed class EmulatorCommand : Command
{
    /// <summary>Enough for a few pages.</summary>
    public const int SampleJobs = 250;

    private readonly Option<long?> _port = OptionValues.WholeNumber("--port", 0, 65535, "The port on 127.0.0.1; by default a free one.");

    private readonly Option<long?> _jobs = OptionValues.WholeNumber(
        "--jobs", 0, 1_000_000, $"How many jobs there are at the start; default {SampleJobs}.");

    private readonly Option<long?> _seed = OptionValues.WholeNumber("--seed", int.MinValue, int.MaxValue, "The same number makes the same jobs.");

    private readonly Option<double?> _speed = OptionValues.Number(
        "--speed", "X", 0, 1000, "How fast jobs come, run and end: 1 is a job every other second; 0, the default, stands still.");

    private readonly Option<bool> _shuffleTies = new("--shuffle-ties")
    {
        Description = "List jobs that were created in the same second in a different order for each request.",
    };

    private readonly CommandEnvironment _environment;

    public EmulatorCommand(CommandEnvironment environment)
        : base("emulator", "Serves the API on loopback, with jobs that live, until Ctrl-C.")
    {
        _environment = environment;
        foreach (Option option in (Option[])[_port, _jobs, _seed, _speed, _shuffleTies])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // The life that a user asked for goes on until Ctrl-C.
        var options = new JobsEmulatorOptions { ScriptedJobs = int.MaxValue };
        options.Port = (int?)parsed.GetValue(_port) ?? options.Port;
        options.SampleJobs = (int?)parsed.GetValue(_jobs) ?? SampleJobs;
        options.Seed = (int?)parsed.GetValue(_seed) ?? options.Seed;
        options.Speed = parsed.GetValue(_speed) ?? options.Speed;
        options.ShuffleTies = parsed.GetValue(_shuffleTies);

        await using JobsEmulator emulator = await StartAsync(options, cancellationToken);
        await WriteAddressAsync(emulator, options);
        await Task.Delay(Timeout.InfiniteTimeSpan, _environment.Time, cancellationToken);
        return ExitCode.Done;
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
                $"Port {options.Port} cannot be used: {exception.Message} Choose another with --port, or leave it out.", exception);
        }
    }

    private async Task WriteAddressAsync(JobsEmulator emulator, JobsEmulatorOptions options)
    {
        string address = emulator.Endpoint.GetLeftPart(UriPartial.Authority);
        await using (StreamWriter output = _environment.CreateOutputWriter())
        {
            await output.WriteLineAsync($"listening on {address}");
        }

        await _environment.Error.WriteLineAsync("To list its jobs, paste this into another terminal:");
        await _environment.Error.WriteLineAsync($"  export KOODRIVE_USER_ID={options.UserId} KOODRIVE_TOKEN={options.AccessToken}");
        await _environment.Error.WriteLineAsync($"  {_environment.CommandName} list --endpoint {address}");
        await _environment.Error.WriteLineAsync("Ctrl-C stops it.");
    }
}
