using System.Text;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Formats text from a server for a terminal.</summary>
internal static class PlainText
{
    /// <summary>Replaces each control character, including line breaks and escapes, with a space.</summary>
    public static string OneLine(string text) => text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.AsSpan().ContainsAnyInRange('\x7f', '\x9f')
        ? string.Create(text.Length, text, static (line, source) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        })
        : text;

    /// <summary>Breaks a line that is too long, between words. Lines after the first line are indented.</summary>
    /// <param name="line">The line.</param>
    /// <param name="width">The maximum number of characters per line. A longer word is not broken.</param>
    public static string Wrap(string line, int width)
    {
        if (line.Length <= width)
        {
            return line;
        }

        var wrapped = new StringBuilder();
        int length = 0;
        foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (length > 0)
            {
                bool breaks = length + 1 + word.Length > width;
                wrapped.Append(breaks ? "\n  " : " ");
                length = breaks ? 2 : length + 1;
            }

            wrapped.Append(word);
            length += word.Length;
        }

        return wrapped.ToString();
    }
}
