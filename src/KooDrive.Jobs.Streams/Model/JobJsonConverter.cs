using System.Text.Json;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams;

/// <summary>Converts a <see cref="Job"/> to and from JSON with the API's names. An attribute of <see cref="Job"/> registers the converter.</summary>
/// <remarks>
/// Absent members are omitted, ids are strings, numbers are numbers, and times are in ISO 8601 with their offset. Each coded value also appears by name
/// (<c>statusName</c>) where the number is known; names and unknown members are ignored on reading. Naming policies and the other options of the serializer have
/// no effect, except for the encoder. Thread-safe.
/// </remarks>
public sealed class JobJsonConverter : JsonConverter<Job>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The value is not a job: it has no <c>taskId</c>, or a member of the wrong kind.</exception>
    public override Job Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JobJson.Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Job value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        JobJson.Write(writer, value);
    }
}
