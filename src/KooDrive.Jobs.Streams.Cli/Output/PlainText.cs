namespace KooDrive.Jobs.Streams.Cli;

/// <summary>Makes text from a server safe for a terminal.</summary>
internal static class PlainText
{
    /// <summary>The text with every control character, line breaks and escapes included, turned into a space.</summary>
    public static string OneLine(string text) => text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.AsSpan().ContainsAnyInRange('\x7f', '\x9f')
        ? string.Create(text.Length, text, static (line, source) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        })
        : text;
}
