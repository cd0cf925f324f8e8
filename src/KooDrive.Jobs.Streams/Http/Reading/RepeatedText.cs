using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Shares the strings that many jobs have in common (container, tenant, user), if they are ASCII. Remembers 16 strings, and evicts a string for another
/// in the same slot.
/// </summary>
internal struct RepeatedText
{
    private const int Capacity = 16;

    private Texts _texts;

    /// <summary>Reads a string, and returns an earlier instance if there is one. False if the value is neither text nor a number.</summary>
    public bool TryRead(ref readonly Utf8JsonReader json, out string? text)
    {
        if (json.TokenType is not JsonTokenType.String || json.ValueIsEscaped || json.ValueSpan.IsEmpty)
        {
            return JsonValue.TryReadText(in json, out text);
        }

        ref string? repeated = ref _texts[Slot(json.ValueSpan)];
        text = Matches(repeated, json.ValueSpan) ? repeated : repeated = JsonText.Read(in json);
        return true;
    }

    /// <summary>Returns the string of some characters: an earlier instance if there is one.</summary>
    public string Read(ReadOnlySpan<byte> ascii)
    {
        ref string? text = ref _texts[Slot(ascii)];
        return Matches(text, ascii) ? text! : text = Encoding.ASCII.GetString(ascii);
    }

    // Always false for text that is not ASCII.
    private static bool Matches(string? text, ReadOnlySpan<byte> value) => Ascii.Equals(value, text);

    // Ids differ mostly at their ends.
    private static int Slot(ReadOnlySpan<byte> value) =>
        (value.Length + (value[0] * 3) + (value[^1] * 5) + (value[value.Length / 2] * 7)) & (Capacity - 1);

    [InlineArray(Capacity)]
    private struct Texts
    {
        private string? _first;
    }
}
