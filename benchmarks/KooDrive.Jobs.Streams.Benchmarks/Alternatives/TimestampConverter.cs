using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Converts 14 digits to a time with the framework's parser and without allocating a string.</summary>
public sealed class TimestampConverter : JsonConverter<DateTimeOffset?>
{
    public static DateTimeOffset Parse(ReadOnlySpan<char> text) =>
        DateTimeOffset.ParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.ValueSpan.IsEmpty)
        {
            return null;
        }

        Span<char> text = stackalloc char[32];
        return Parse(text[..reader.CopyString(text)]);
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) => throw new NotSupportedException();
}
