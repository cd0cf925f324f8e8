using System.Text.Json;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Watching.Events;

namespace KooDrive.Jobs.Streams;

/// <summary>Converts events to and from JSON.</summary>
/// <typeparam name="TEvent">The type of the events: <see cref="JobEvent"/>, <see cref="JobChange"/>, or one kind of event.</typeparam>
/// <remarks>
/// <para>
/// The types of events declare the converter, so it need not be registered. An event has <c>event</c>, the name of its kind
/// (<see cref="JobEventKindExtensions.ToWireName"/>), <c>poll</c> and <c>observedAt</c>, and the members of its kind, regardless of the type that is
/// serialized. Jobs are written in the format of <see cref="JobJsonConverter"/>, durations in seconds. Safe for concurrent use.
/// </para>
/// <para>
/// The exception of a <see cref="PollFailed"/> is written as text, in the member <c>error</c>: the message of a <see cref="JobsException"/>, and only the type of
/// any other exception, whose message may contain a secret. It is read as a <see cref="JobsRemoteException"/> with that text. All other events round-trip to
/// equal values.
/// </para>
/// </remarks>
public sealed class JobEventJsonConverter<TEvent> : JsonConverter<TEvent>
    where TEvent : JobEvent
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The value is not an event of this type.</exception>
    public override TEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JobEvent read = JobEventJson.Read(ref reader);
        return read as TEvent ?? throw new JsonException($"The event '{read.Kind.ToWireName()}' is not a {typeof(TEvent).Name}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TEvent value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        JobEventJson.Write(writer, value);
    }
}
