using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Strings that many jobs share (container, tenant, user), made once each where they are ASCII, as ids are. It remembers sixteen and
/// forgets one for another: bounded, and never wrong.
/// </summary>
internal struct RepeatedText
{
    private const int Capacity = 16;

    private Texts _texts;

    /// <summary>The string that the reader is at, an earlier instance if there is one; false if the value is not text and not a number.</summary>
    public bool TryRead(ref readonly Utf8JsonReader json, out string? text)
    {
        if (json.TokenType is not JsonTokenType.String || json.ValueIsEscaped || json.ValueSpan.IsEmpty)
        {
            return JsonValue.TryReadText(in json, out text);
        }

        ref string? repeated = ref _texts[Slot(json.ValueSpan)];
        text = IsThis(repeated, json.ValueSpan) ? repeated : repeated = JsonText.Read(in json);
        return true;
    }

    /// <summary>The string that some characters are, an earlier instance where there is one.</summary>
    public string Read(ReadOnlySpan<byte> ascii)
    {
        ref string? text = ref _texts[Slot(ascii)];
        return IsThis(text, ascii) ? text! : text = Encoding.ASCII.GetString(ascii);
    }

    // Never so for what is not ASCII.
    private static bool IsThis(string? text, ReadOnlySpan<byte> value) => Ascii.Equals(value, text);

    // Ids differ at their ends if anywhere.
    private static int Slot(ReadOnlySpan<byte> value) =>
        (value.Length + (value[0] * 3) + (value[^1] * 5) + (value[value.Length / 2] * 7)) & (Capacity - 1);

    [InlineArray(Capacity)]
    private struct Texts
    {
        private string? _first;
    }
}
