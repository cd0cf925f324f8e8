using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Writers of text with colour and cursor movement.</summary>
internal static class Ansi
{
    /// <summary>A writer that decorates, or one that writes the same text plain.</summary>
    public static AnsiWriter Create(TextWriter output, bool decorate) => new(output, new AnsiCapabilities
    {
        Ansi = decorate,
        ColorSystem = decorate ? ColorSystem.Standard : ColorSystem.NoColors,
    });
}
