using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KooDrive.Jobs.Streams.Errors;

/// <summary>
/// Text from the server, made fit for messages and logs: bounded, without characters that a terminal or a log would obey, and without the user
/// information of URIs, such as the password of a proxy.
/// </summary>
internal static class SafeText
{
    private const string SchemeEnd = "://";

    /// <summary>
    /// The text with the user information of its URIs hidden. A password may hold spaces, quotes, slashes and at signs, so everything up to the
    /// last at sign counts as part of it: too much is hidden rather than too little.
    /// </summary>
    public static string WithoutUserInfo(string text)
    {
        var scheme = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (scheme < 0 || text.IndexOf('@', scheme) < 0)
        {
            return text;
        }

        string[] parts = text.Split(SchemeEnd);
        foreach (ref string part in parts.AsSpan(1))
        {
            var at = part.LastIndexOf('@');
            part = at < 0 ? part : "***" + part[at..];
        }

        return string.Join(SchemeEnd, parts);
    }

    /// <summary>Whether the text shows the user information of a URI.</summary>
    public static bool ShowsUserInfo(string text) => WithoutUserInfo(text) != text;

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

        text = WithoutUserInfo(text);
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
