using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Model;

/// <summary>
/// Reads JSON strings with invalid characters: invalid UTF-8 and unpaired surrogates become U+FFFD. <see cref="Utf8JsonReader"/> throws instead, so that one
/// broken file name would hide all jobs of the page.
/// </summary>
internal static class JsonText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The maximum number of bytes of an escaped character: that of \uFFFD.</summary>
    public const int MaxEscapeLength = 6;

    /// <summary>Returns the text of the name or the value that the reader is at.</summary>
    public static string Read(ref readonly Utf8JsonReader json) =>
        json.ValueIsEscaped ? Unescape(json.ValueSpan) : Encoding.UTF8.GetString(json.ValueSpan);

    /// <summary>Whether the reader is at this text; like <see cref="Utf8JsonReader.ValueTextEquals(ReadOnlySpan{byte})"/>, which throws for invalid text.</summary>
    public static bool Equals(ref readonly Utf8JsonReader json, ReadOnlySpan<byte> text)
    {
        if (!json.ValueIsEscaped)
        {
            return json.ValueTextEquals(text);
        }

        // A long name, which is compared with every known name, is not unescaped each time.
        return json.ValueSpan.Length <= MaxEscapeLength * text.Length && Unescape(json.ValueSpan) == Encoding.UTF8.GetString(text);
    }

    // Utf8JsonReader guarantees that the escapes are complete.
    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (int escape; (escape = escaped.IndexOf((byte)'\\')) >= 0;)
        {
            text.Append(Encoding.UTF8.GetString(escaped[..escape]));
            byte kind = escaped[escape + 1];
            escaped = escaped[(escape + 2)..];
            if (kind == 'u')
            {
                text.Append((char)ushort.Parse(escaped[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                escaped = escaped[4..];
                continue;
            }

            text.Append(kind switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                _ => (char)kind,
            });
        }

        return PairSurrogates(text.Append(Encoding.UTF8.GetString(escaped)));
    }

    private static string PairSurrogates(StringBuilder text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                text[i] = Replacement;
            }
        }

        return text.ToString();
    }
}
