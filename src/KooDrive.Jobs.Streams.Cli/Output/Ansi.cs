using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Creates writers of text with color and cursor movement.</summary>
internal static class Ansi
{
    /// <summary>Creates a writer.</summary>
    /// <param name="output">The writer of the text.</param>
    /// <param name="isLive">Whether the cursor can be moved; otherwise only the text is written.</param>
    /// <param name="hasColor">Whether the text has color.</param>
    public static AnsiWriter Create(TextWriter output, bool isLive, bool hasColor) => new(output, new AnsiCapabilities
    {
        Ansi = isLive,
        ColorSystem = hasColor ? ColorSystem.Standard : ColorSystem.NoColors,
    });
}
