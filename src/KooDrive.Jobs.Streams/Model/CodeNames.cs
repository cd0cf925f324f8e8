using System.Collections.Frozen;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Model;

/// <summary>The names of an enumeration's members in JSON, such as <c>batchDeletion</c>.</summary>
internal static class CodeNames<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, JsonEncodedText> Names = Enum.GetValues<T>()
        .ToFrozenDictionary(value => value, value => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(value.ToString())));

    /// <summary>Gets the name of a member. Returns false for a number without a member.</summary>
    public static bool TryGetName(T value, out JsonEncodedText name) => Names.TryGetValue(value, out name);

    /// <summary>Returns the member with the name at the reader's position; null if there is none.</summary>
    public static T? Find(ref readonly Utf8JsonReader json)
    {
        foreach ((T value, JsonEncodedText name) in Names)
        {
            if (json.ValueTextEquals(name.EncodedUtf8Bytes))
            {
                return value;
            }
        }

        return null;
    }
}
