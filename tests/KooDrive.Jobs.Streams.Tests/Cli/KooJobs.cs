using System.Reactive.Disposables;
using System.Text;
using System.Text.Json;
using KooDrive.Jobs.Streams.Cli;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>Runs <c>koojobs</c> in the test process with separate streams, terminal settings and variables.</summary>
internal sealed class KooJobs
{
    public Dictionary<string, string> Variables { get; init; } = [];

    /// <summary>Returns the variables of a connection to an emulator with default options.</summary>
    public static Dictionary<string, string> ConnectionTo(JobsEmulator emulator) => new()
    {
        ["KOODRIVE_ENDPOINT"] = emulator.Endpoint.ToString(),
        ["KOODRIVE_USER_ID"] = new JobsEmulatorOptions().UserId,
        ["KOODRIVE_TOKEN"] = new JobsEmulatorOptions().AccessToken,
    };

    public string Input
    {
        init => InputReader = new StringReader(value);
    }

    public TextReader InputReader { get; init; } = TextReader.Null;

    public bool Terminal { get; init; }

    public int Width { get; set; } = 200;

    public int Height { get; set; } = 24;

    /// <summary>The time zone of the machine.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Reports a resize of the terminal; null when the command does not listen.</summary>
    public Action? Resized { get; private set; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Stream Output { get; init; } = new MemoryStream();

    public TextWriter Error { get; init; } = new StringWriter();

    /// <summary>The text that has been written to standard error.</summary>
    public string ErrorText => Error.ToString() ?? "";

    /// <summary>The text that has been written to standard output.</summary>
    public string OutputText => Encoding.UTF8.GetString(((MemoryStream)Output).ToArray());

    public string[] Lines => OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The task ids in the order printed, from ndjson.</summary>
    public IEnumerable<string> TaskIds() => Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("taskId").GetString()!);

    public CommandEnvironment Environment => new()
    {
        Output = Output,
        Error = Error,
        Input = InputReader,
        OutputIsTerminal = Terminal,
        ErrorIsTerminal = Terminal,
        Width = () => Width,
        Height = () => Height,
        Time = Time == TimeProvider.System ? new ZonedTime(Zone) : Time,
        OnResize = action =>
        {
            Resized = action;
            return Disposable.Create(() => Resized = null);
        },
        Variable = name => Variables.GetValueOrDefault(name),
    };

    public Task<int> RunAsync(params string[] arguments) => RunAsync(TestContext.Current.CancellationToken, arguments);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        KooJobsCommand.RunAsync(arguments, Environment, cancellationToken);

    private sealed class ZonedTime(TimeZoneInfo zone) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => zone;
    }
}
