using System.Reactive.Disposables;
using System.Runtime.InteropServices;
using System.Text;

namespace KooDrive.Jobs.Streams.Cli.Execution;

/// <summary>The streams, the terminal and the environment variables of a command: the process's own, or those of a test.</summary>
internal sealed class CommandEnvironment
{
    /// <summary>The encoding of all output: UTF-8 without a byte order mark.</summary>
    public static Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Standard output, for data only.</summary>
    public required Stream Output { get; init; }

    /// <summary>Standard error, for progress, notices and errors.</summary>
    public required TextWriter Error { get; init; }

    public required TextReader Input { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>Returns the terminal's current width in columns.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>Returns the terminal's current height in lines.</summary>
    public Func<int> Height { get; init; } = () => 24;

    /// <summary>Calls an action each time the terminal is resized, until the returned object is disposed.</summary>
    public Func<Action, IDisposable> OnResize { get; init; } = _ => Disposable.Empty;

    /// <summary>Returns the value of an environment variable. Callers treat an empty value as unset.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>The text that starts this command from a shell.</summary>
    public string CommandName { get; init; } = "koojobs";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether lines that were written to standard output can be erased and drawn again.</summary>
    public bool OutputIsLive => OutputIsTerminal && Variable("TERM") != "dumb";

    /// <summary>Whether color may be written to standard output. NO_COLOR turns off color only.</summary>
    public bool OutputHasColor => OutputIsLive && string.IsNullOrEmpty(Variable("NO_COLOR"));

    /// <summary>Whether progress may be written to standard error.</summary>
    public bool ErrorIsLive => ErrorIsTerminal && Variable("TERM") != "dumb";

    /// <summary>Creates a buffered text writer over <see cref="Output"/>. Disposing the writer flushes it and leaves the stream open.</summary>
    public StreamWriter CreateOutputWriter() => new(Output, Encoding, bufferSize: 32 * 1024, leaveOpen: true);

    public static CommandEnvironment OfProcess() => new()
    {
        Output = StandardOutput.Open(),
        Error = StandardError.Open(),
        Input = StandardInput.Open(),
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Width = () => TerminalSize(() => Console.WindowWidth, otherwise: 80),
        Height = () => TerminalSize(() => Console.WindowHeight, otherwise: 24),
        OnResize = OnResizeSignal,
        Variable = Environment.GetEnvironmentVariable,
        CommandName = OwnName(),
    };

    private static int TerminalSize(Func<int> read, int otherwise)
    {
        try
        {
            return read() is > 0 and int size ? size : otherwise;
        }
        catch (IOException)
        {
            return otherwise; // Not every terminal reports its size.
        }
    }

    // Windows has no signal for a resize: the next event is drawn with the new size.
    private static IDisposable OnResizeSignal(Action action) =>
        OperatingSystem.IsWindows() ? Disposable.Empty : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => action());

    // The bare name works only if the search path contains the folder of the executable.
    private static string OwnName()
    {
        string path = Environment.ProcessPath ?? "koojobs";
        if (Path.GetFileNameWithoutExtension(path) != "koojobs")
        {
            return $"dotnet {Path.Combine(AppContext.BaseDirectory, "koojobs.dll")}";
        }

        string[] searched = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return searched.Contains(Path.GetDirectoryName(path)) ? "koojobs" : path;
    }
}
