using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KooDrive.Jobs.Streams.Errors;

/// <summary>
/// Makes text from the server safe for messages and logs: bounded, without control characters, and without the user information of URIs,
/// such as the password of a proxy.
/// </summary>
internal static class SafeText
{
    private const string SchemeEnd = "://";

    /// <summary>
    /// Hides the user information of URIs. A password may contain spaces, quotes, slashes and at signs, so everything up to the last at sign
    /// counts as a part of it: too much is hidden rather than too little.
    /// </summary>
    public static string WithoutUserInfo(string text)
    {
        int scheme = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (scheme < 0 || text.IndexOf('@', scheme) < 0)
        {
            return text;
        }

        string[] parts = text.Split(SchemeEnd);
        foreach (ref string part in parts.AsSpan(1))
        {
            int at = part.LastIndexOf('@');
            part = at < 0 ? part : "***" + part[at..];
        }

        return string.Join(SchemeEnd, parts);
    }

    /// <summary>Whether the text contains the user information of a URI.</summary>
    public static bool ShowsUserInfo(string text) => WithoutUserInfo(text) != text;

    /// <summary>Cleans the error message of the API, which has at most 512 characters according to the API document.</summary>
    public static string? Message(string? text) => Clean(text, 512);

    /// <summary>Cleans the error code of the API, which has at most 36 characters according to the API document.</summary>
    public static string? Code(string? text) => Clean(text, 64);

    /// <summary>Cleans the message of an event that another process published.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? RemoteMessage(string? text) => Clean(text, 4096);

    /// <summary>Cleans an id.</summary>
    [return: NotNullIfNotNull(nameof(text))]
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

        int length = Math.Min(text.Length, limit);
        if (length < text.Length && char.IsHighSurrogate(text[length - 1]))
        {
            length--;
        }

        string clean = string.Create(length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = IsHarmless(source[i]) ? source[i] : ' ';
            }
        });
        return length < text.Length ? clean + "…" : clean;
    }

    private static bool IsHarmless(char character) => char.GetUnicodeCategory(character) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
