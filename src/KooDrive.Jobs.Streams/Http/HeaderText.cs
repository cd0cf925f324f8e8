using System.Buffers;

namespace KooDrive.Jobs.Streams.Http;

/// <summary>
/// What may stand in a header: visible ASCII and inner spaces. Stricter than HttpClient, which lets control characters pass and
/// finds others wrong only when it sends them.
/// </summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The rule in words, as the end of a sentence that begins with the name of the value.</summary>
    public const string Rule = "must hold visible ASCII characters only, without line breaks and without spaces at its ends";

    public static bool IsValue(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text[0] != ' ' && text[^1] != ' ' && IsPart(text);

    /// <summary>Like a value, but it may be empty and end in a space, because something follows it.</summary>
    public static bool IsPrefix(ReadOnlySpan<char> text) => (text.IsEmpty || text[0] != ' ') && IsPart(text);

    private static bool IsPart(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Allowed);
}
