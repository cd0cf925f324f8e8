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
        line = line.TrimEnd(' ');
        if (line.Length <= width)
        {
            return line;
        }

        var wrapped = new StringBuilder();
        int length = 0;
        for (int start = 0; start < line.Length;)
        {
            int word = start + line.AsSpan(start).IndexOfAnyExcept(' ');
            int end = line.IndexOf(' ', word) is >= 0 and int space ? space : line.Length;
            if (length > 0 && length + end - start > width)
            {
                wrapped.Append("\n  ");
                length = 2;
                start = word;
            }

            wrapped.Append(line, start, end - start);
            length += end - start;
            start = end;
        }

        return wrapped.ToString();
    }
}
