using System.Reactive.Disposables;
using System.Runtime.InteropServices;
using System.Text;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>What a command sees of the world: the process's own streams and variables, or a test's.</summary>
internal sealed class CommandEnvironment
{
    /// <summary>UTF-8 without a byte order mark, for everything that is written.</summary>
    public static Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Standard output: data and nothing else.</summary>
    public required Stream Output { get; init; }

    /// <summary>Standard error: progress, notices and errors.</summary>
    public required TextWriter Error { get; init; }

    public required TextReader Input { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>The terminal's width in columns, asked for anew each time.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>The terminal's height in lines, asked for anew each time.</summary>
    public Func<int> Height { get; init; } = () => 24;

    /// <summary>Calls an action whenever the terminal has been resized, until the result is disposed.</summary>
    public Func<Action, IDisposable> OnResize { get; init; } = _ => Disposable.Empty;

    /// <summary>The value of an environment variable. One that is set to nothing counts as unset, here as everywhere.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>How to start this command from a shell.</summary>
    public string CommandName { get; init; } = "koojobs";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether standard output may have colour.</summary>
    public bool DecorateOutput => OutputIsTerminal && Decorate;

    /// <summary>Whether standard error may have progress and colour.</summary>
    public bool DecorateError => ErrorIsTerminal && Decorate;

    private bool Decorate => string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") != "dumb";

    /// <summary>Text over <see cref="Output"/>, buffered; disposing it flushes it and leaves the stream open.</summary>
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

    private static int TerminalSize(Func<int> ask, int otherwise)
    {
        try
        {
            return ask() is > 0 and int size ? size : otherwise;
        }
        catch (IOException)
        {
            return otherwise; // Not every terminal tells its size.
        }
    }

    // On Windows a resize is noticed when the next event is drawn.
    private static IDisposable OnResizeSignal(Action action) =>
        OperatingSystem.IsWindows() ? Disposable.Empty : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => action());

    // What a shell needs to start this again: the bare name only where the search path leads to it.
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
