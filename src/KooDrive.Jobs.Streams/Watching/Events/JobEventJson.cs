using System.Text.Json;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Model;
using static KooDrive.Jobs.Streams.Watching.Events.JobEventMembers;

namespace KooDrive.Jobs.Streams.Watching.Events;

/// <summary>Reads and writes events of a watch as JSON: the kind, the poll, the time, and the members of the kind.</summary>
internal static class JobEventJson
{
    public static void Write(Utf8JsonWriter json, JobEvent next)
    {
        json.WriteStartObject();
        json.WriteString(EventName, next.Kind.ToWireName());
        json.WriteNumber(PollName, next.Poll);
        json.WriteString(ObservedAtName, next.ObservedAt);
        switch (next)
        {
            case JobListed listed:
                WriteStates(json, previous: null, listed.Job);
                break;
            case JobVanished vanished:
                WriteStates(json, vanished.Job, current: null);
                break;
            case JobChange change:
                WriteStates(json, change.Previous, change.Job);
                break;
            case WatchGap gap:
                WriteReason(json, gap.Reason);
                json.WriteString(MessageName, gap.Message);
                break;
            case PollFailed failed:
                json.WriteString(ErrorName, Describe(failed.Exception));
                json.WriteNumber(AttemptName, failed.ConsecutiveFailureCount);
                json.WriteSeconds(RetryName, failed.Delay);
                break;
            case PollCompleted completed:
                json.WriteNumber(RequestsName, completed.RequestCount);
                json.WriteNumber(JobsName, completed.JobCount);
                json.WriteNumber(ChangesName, completed.ChangeCount);
                json.WriteSeconds(DurationName, completed.Duration);
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>Reads the object at the reader's position.</summary>
    /// <exception cref="JsonException">The value is not an event.</exception>
    public static JobEvent Read(ref Utf8JsonReader json)
    {
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException("An event must be an object.");
        }

        var members = new JobEventMembers();
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            members.Read(ref json);
        }

        try
        {
            return Create(in members) with { Poll = members.Poll, ObservedAt = members.ObservedAt };
        }
        catch (ArgumentException exception)
        {
            throw new JsonException($"The event is invalid: {exception.Message}", exception);
        }
    }

    private static JobEvent Create(in JobEventMembers members) => members.Kind switch
    {
        JobEventKind.Snapshot => new JobListed { Job = State(in members, members.Current, CurrentName) },
        JobEventKind.Synced => new WatchSynced(),
        JobEventKind.Added => new JobAdded { Job = State(in members, members.Current, CurrentName) },
        JobEventKind.Changed => new JobChanged
        {
            Job = State(in members, members.Current, CurrentName),
            Previous = members.Previous is null ? null : State(in members, members.Previous, PreviousName),
        },
        JobEventKind.Vanished => new JobVanished { Job = State(in members, members.Previous, PreviousName) },
        JobEventKind.Gap => new WatchGap { Reason = members.Reason ?? throw Absent(ReasonName), Message = SafeText.RemoteMessage(members.Message) ?? "" },
        JobEventKind.PollFailed => new PollFailed
        {
            Exception = new JobsRemoteException(SafeText.RemoteMessage(members.Error) ?? throw Absent(ErrorName)),
            ConsecutiveFailureCount = members.ConsecutiveFailureCount ?? 1,
            Delay = members.Delay,
        },
        JobEventKind.PollCompleted => new PollCompleted
        {
            RequestCount = members.RequestCount,
            JobCount = members.JobCount,
            ChangeCount = members.ChangeCount,
            Duration = members.Duration,
        },
        _ => throw Absent(EventName),
    };

    // A state may leave its task id to the event. The two must not differ.
    private static Job State(in JobEventMembers members, Job? state, JsonEncodedText name)
    {
        string? taskId = members.TaskId ?? IdOf(members.Current) ?? IdOf(members.Previous);
        if (state is null || (string.IsNullOrEmpty(taskId) && !JobJson.HasTaskId(state)))
        {
            throw Absent(name);
        }

        return !JobJson.HasTaskId(state) ? state with { TaskId = taskId! }
            : members.TaskId is null || members.TaskId == state.TaskId ? state
            : throw new JsonException($"The event belongs to job {SafeText.Id(members.TaskId)}, but its member '{name}' to job {SafeText.Id(state.TaskId)}.");
    }

    private static string? IdOf(Job? state) => state is not null && JobJson.HasTaskId(state) ? state.TaskId : null;

    private static JsonException Absent(JsonEncodedText name) => new($"The event has no member '{name}', or its value is unknown.");

    private static void WriteStates(Utf8JsonWriter json, Job? previous, Job? current)
    {
        json.WriteString(TaskIdName, (current ?? previous)!.TaskId);
        if (previous is not null)
        {
            json.WritePropertyName(PreviousName);
            JobJson.Write(json, previous);
        }

        if (current is not null)
        {
            json.WritePropertyName(CurrentName);
            JobJson.Write(json, current);
        }
    }

    private static void WriteReason(Utf8JsonWriter json, WatchGapReason reason)
    {
        if (CodeNames<WatchGapReason>.TryGetName(reason, out JsonEncodedText name))
        {
            json.WriteString(ReasonName, name);
        }
        else
        {
            json.WriteNumber(ReasonName, (int)reason);
        }
    }

    // Messages of the library contain no secret. Messages of other exceptions may.
    private static string Describe(Exception exception) =>
        exception is JobsException ? exception.Message : $"The poll failed: {exception.GetType().Name}. See the log for details.";
}
