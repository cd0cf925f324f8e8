using System.Text.Json;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Watching.Events;

/// <summary>The members of an event in JSON, which may be in any order and are read before the kind is known.</summary>
internal ref struct JobEventMembers
{
    public static readonly JsonEncodedText EventName = JsonEncodedText.Encode("event");
    public static readonly JsonEncodedText PollName = JsonEncodedText.Encode("poll");
    public static readonly JsonEncodedText ObservedAtName = JsonEncodedText.Encode("observedAt");
    public static readonly JsonEncodedText TaskIdName = JsonEncodedText.Encode("taskId");
    public static readonly JsonEncodedText PreviousName = JsonEncodedText.Encode("previous");
    public static readonly JsonEncodedText CurrentName = JsonEncodedText.Encode("current");
    public static readonly JsonEncodedText ReasonName = JsonEncodedText.Encode("reason");
    public static readonly JsonEncodedText MessageName = JsonEncodedText.Encode("message");
    public static readonly JsonEncodedText ErrorName = JsonEncodedText.Encode("error");
    public static readonly JsonEncodedText AttemptName = JsonEncodedText.Encode("attempt");
    public static readonly JsonEncodedText RetryName = JsonEncodedText.Encode("retryInSeconds");
    public static readonly JsonEncodedText RequestsName = JsonEncodedText.Encode("requests");
    public static readonly JsonEncodedText JobsName = JsonEncodedText.Encode("jobs");
    public static readonly JsonEncodedText ChangesName = JsonEncodedText.Encode("changes");
    public static readonly JsonEncodedText DurationName = JsonEncodedText.Encode("durationInSeconds");

    private static readonly JobEventKind[] Kinds = Enum.GetValues<JobEventKind>();

    public JobEventKind? Kind { get; private set; }

    public long Poll { get; private set; }

    public DateTimeOffset ObservedAt { get; private set; }

    public string? TaskId { get; private set; }

    public Job? Previous { get; private set; }

    public Job? Current { get; private set; }

    public WatchGapReason? Reason { get; private set; }

    public string? Message { get; private set; }

    public string? Error { get; private set; }

    public int? ConsecutiveFailureCount { get; private set; }

    public TimeSpan Delay { get; private set; }

    public int RequestCount { get; private set; }

    public int JobCount { get; private set; }

    public int ChangeCount { get; private set; }

    public TimeSpan Duration { get; private set; }

    /// <summary>Reads the value of the member at the reader's position.</summary>
    public void Read(ref Utf8JsonReader json)
    {
        if (Is(in json, EventName))
        {
            Kind = ReadKind(ref json);
        }
        else if (Is(in json, PollName))
        {
            Poll = json.ReadInt64() ?? 0;
        }
        else if (Is(in json, ObservedAtName))
        {
            ObservedAt = json.ReadTime() ?? default;
        }
        else if (Is(in json, TaskIdName))
        {
            TaskId = json.ReadText();
        }
        else if (Is(in json, PreviousName))
        {
            Previous = json.MoveToValue() ? JobJson.ReadState(ref json) : null;
        }
        else if (Is(in json, CurrentName))
        {
            Current = json.MoveToValue() ? JobJson.ReadState(ref json) : null;
        }
        else if (Is(in json, ReasonName))
        {
            Reason = ReadReason(ref json);
        }
        else if (Is(in json, MessageName))
        {
            Message = json.ReadText();
        }
        else if (Is(in json, ErrorName))
        {
            Error = json.ReadText();
        }
        else if (Is(in json, AttemptName))
        {
            ConsecutiveFailureCount = json.ReadInt32();
        }
        else if (Is(in json, RetryName))
        {
            Delay = json.ReadSeconds() ?? default;
        }
        else if (Is(in json, RequestsName))
        {
            RequestCount = json.ReadInt32() ?? 0;
        }
        else if (Is(in json, JobsName))
        {
            JobCount = json.ReadInt32() ?? 0;
        }
        else if (Is(in json, ChangesName))
        {
            ChangeCount = json.ReadInt32() ?? 0;
        }
        else if (Is(in json, DurationName))
        {
            Duration = json.ReadSeconds() ?? default;
        }
        else
        {
            json.SkipMemberValue();
        }
    }

    private static JobEventKind? ReadKind(ref Utf8JsonReader json)
    {
        string? name = json.ReadText();
        foreach (JobEventKind kind in Kinds)
        {
            if (kind.ToWireName() == name)
            {
                return kind;
            }
        }

        return null;
    }

    private static WatchGapReason? ReadReason(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.Number => (WatchGapReason)json.GetInt32(),
            JsonTokenType.String => CodeNames<WatchGapReason>.Find(in json),
            JsonTokenType.StartObject or JsonTokenType.StartArray => throw new JsonException("The reason is neither a name nor a number."),
            _ => null,
        };
    }

    private static bool Is(ref readonly Utf8JsonReader json, JsonEncodedText name) => json.ValueTextEquals(name.EncodedUtf8Bytes);
}
