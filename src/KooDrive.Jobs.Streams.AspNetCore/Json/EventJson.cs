using System.Text.Json;

namespace KooDrive.Jobs.Streams;

/// <summary>An event of a watch as JSON: what happened, when it was seen, and the jobs it is about.</summary>
internal static class EventJson
{
    public static void Write(Utf8JsonWriter json, JobEvent happened)
    {
        json.WriteStartObject();
        json.WriteString("event"u8, happened.Kind.ToWireName());
        json.WriteNumber("poll"u8, happened.Poll);
        json.WriteString("observedAt"u8, happened.ObservedAt);
        switch (happened)
        {
            case JobListed listed:
                WriteJobs(json, listed.Job.TaskId, previous: null, listed.Job);
                break;
            case JobVanished vanished:
                WriteJobs(json, vanished.Job.TaskId, vanished.Job, current: null);
                break;
            case JobChanged changed:
                WriteChange(json, changed);
                break;
            case JobChange change:
                WriteJobs(json, change.Job.TaskId, previous: null, change.Job);
                break;
            case WatchGap gap:
                json.WriteString("reason"u8, JsonNamingPolicy.CamelCase.ConvertName(gap.Reason.ToString()));
                json.WriteString("message"u8, gap.Message);
                break;
            case PollFailed failed:
                json.WriteString("error"u8, Describe(failed.Error));
                json.WriteNumber("attempt"u8, failed.Attempt);
                json.WriteNumber("retryInSeconds"u8, failed.Delay.TotalSeconds);
                break;
            case PollCompleted completed:
                json.WriteNumber("requests"u8, completed.Requests);
                json.WriteNumber("jobs"u8, completed.Jobs);
                json.WriteNumber("changes"u8, completed.Changes);
                break;
        }

        json.WriteEndObject();
    }

    // The library's own messages hold no secret; what those of others hold, nobody knows.
    private static string Describe(Exception error) =>
        error is JobsException ? error.Message : $"The poll failed: {error.GetType().Name}. The log says more.";

    // Of the job before, only what changes are about.
    private static void WriteChange(Utf8JsonWriter json, JobChanged changed)
    {
        json.WriteString("taskId"u8, changed.Job.TaskId);
        if (changed.Previous is { } previous)
        {
            json.WriteStartObject("previous"u8);
            if (previous.Status is { } status)
            {
                json.WriteNumber("status"u8, (int)status);
            }

            if (previous.Result is { } result)
            {
                json.WriteNumber("taskResultCode"u8, (int)result);
            }

            json.WriteEndObject();
        }

        json.WritePropertyName("current"u8);
        JobJson.Write(json, changed.Job);
    }

    private static void WriteJobs(Utf8JsonWriter json, string taskId, Job? previous, Job? current)
    {
        json.WriteString("taskId"u8, taskId);
        if (previous is not null)
        {
            json.WritePropertyName("previous"u8);
            JobJson.Write(json, previous);
        }

        if (current is not null)
        {
            json.WritePropertyName("current"u8);
            JobJson.Write(json, current);
        }
    }
}
