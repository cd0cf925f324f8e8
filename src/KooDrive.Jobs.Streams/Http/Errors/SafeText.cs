using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KooDrive.Jobs.Streams;

/// <summary>Text from the server, made fit for messages and logs: bounded, and without characters that a terminal or a log would obey.</summary>
internal static class SafeText
{
    /// <summary>The API's own message; the documents bound it at 512 characters.</summary>
    public static string? Message(string? text) => Clean(text, 512);

    /// <summary>The API's own code; the documents bound it at 36 characters.</summary>
    public static string? Code(string? text) => Clean(text, 64);

    /// <summary>An id that a header brought.</summary>
    public static string? Id(string? text) => Clean(text, 128);

    [return: NotNullIfNotNull(nameof(text))]
    private static string? Clean(string? text, int limit)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Length <= limit && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var length = Math.Min(text.Length, limit);
        if (length < text.Length && char.IsHighSurrogate(text[length - 1]))
        {
            length--;
        }

        var clean = string.Create(length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = IsHarmless(source[i]) ? source[i] : ' ';
            }
        });
        return length < text.Length ? clean + "…" : clean;
    }

    private static bool IsHarmless(char character) => char.GetUnicodeCategory(character) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
