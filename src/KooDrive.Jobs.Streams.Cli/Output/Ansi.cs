using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Creates writers of text with color and cursor movement.</summary>
internal static class Ansi
{
    /// <summary>Creates a writer that writes escape sequences, or one that writes only the text.</summary>
    public static AnsiWriter Create(TextWriter output, bool decorate) => new(output, new AnsiCapabilities
    {
        Ansi = decorate,
        ColorSystem = decorate ? ColorSystem.Standard : ColorSystem.NoColors,
    });
}
