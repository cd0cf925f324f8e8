using System.Runtime.CompilerServices;
using System.Text.Json;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// Strings that many jobs of a page share (container, tenant, user), made once each. It remembers sixteen and forgets
/// one for another: bounded, and never wrong.
/// </summary>
/// <param name="body">The answer that the reader reads, from its first byte.</param>
internal ref struct RepeatedText(ReadOnlySpan<byte> body)
{
    private const int Capacity = 16;

    private readonly ReadOnlySpan<byte> _body = body;
    private Entries _entries;

    /// <summary>The string that the reader stands on, an earlier instance where there is one.</summary>
    public string? Read(ref readonly Utf8JsonReader json)
    {
        if (json.TokenType is not JsonTokenType.String || json.ValueIsEscaped || json.ValueSpan.IsEmpty)
        {
            return JsonValue.ReadText(in json);
        }

        ReadOnlySpan<byte> value = json.ValueSpan;
        ref Entry entry = ref _entries[Slot(value)];
        if (entry.Text is null || !_body.Slice(entry.Start, entry.Length).SequenceEqual(value))
        {
            entry = new Entry((int)json.TokenStartIndex + 1, value.Length, JsonValue.ReadText(in json));
        }

        return entry.Text;
    }

    // Ids differ at their ends if anywhere.
    private static int Slot(ReadOnlySpan<byte> value) =>
        (value.Length + (value[0] * 3) + (value[^1] * 5) + (value[value.Length / 2] * 7)) & (Capacity - 1);

    private readonly record struct Entry(int Start, int Length, string? Text);

    [InlineArray(Capacity)]
    private struct Entries
    {
        private Entry _first;
    }
}
