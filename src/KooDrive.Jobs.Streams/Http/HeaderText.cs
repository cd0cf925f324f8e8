using System.Buffers;

namespace KooDrive.Jobs.Streams.Http;

/// <summary>
/// The text that a header may contain: visible ASCII and inner spaces. Stricter than HttpClient, which accepts control characters and
/// rejects other characters only when it sends them.
/// </summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The rule in words, as the end of a sentence that starts with the name of the value.</summary>
    public const string Rule = "must contain only visible ASCII characters, without line breaks and without leading or trailing spaces";

    public static bool IsValue(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text[0] != ' ' && text[^1] != ' ' && IsPart(text);

    /// <summary>Whether the text may precede a value: it may be empty and end in a space.</summary>
    public static bool IsPrefix(ReadOnlySpan<char> text) => (text.IsEmpty || text[0] != ' ') && IsPart(text);

    private static bool IsPart(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Allowed);
}
