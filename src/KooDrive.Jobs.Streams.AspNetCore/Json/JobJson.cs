using System.Text.Encodings.Web;
using System.Text.Json;

namespace KooDrive.Jobs.Streams;

/// <summary>A job as JSON: the API's names in the API's order, absent members left out, numbers as numbers, times with their offset.</summary>
internal static class JobJson
{
    /// <summary>Text stays readable: nothing but quotes, backslashes and control characters is escaped. It goes into no HTML.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, Job job)
    {
        json.WriteStartObject();
        json.WriteString("taskId"u8, job.TaskId);
        Write(json, "taskType"u8, (int?)job.Type);
        Write(json, "actionType"u8, (int?)job.Action);
        Write(json, "status"u8, (int?)job.Status);
        Write(json, "taskResultCode"u8, (int?)job.Result);
        WriteResultCode(json, job);
        Write(json, "contentNum"u8, job.ContentCount);
        Write(json, "containerId"u8, job.ContainerId);
        Write(json, "tenantId"u8, job.TenantId);
        Write(json, "beginTime"u8, job.BeginTime);
        Write(json, "endTime"u8, job.EndTime);
        Write(json, "createTime"u8, job.CreateTime);
        Write(json, "taskName"u8, job.TaskName);
        Write(json, "userId"u8, job.UserId);
        Write(json, "progress"u8, job.Progress);
        Write(json, "downloadUrl"u8, job.DownloadUrl);
        json.WriteEndObject();
    }

    // As the server sent it: a number, or a text that is not one.
    private static void WriteResultCode(Utf8JsonWriter json, Job job)
    {
        if (job.ResultCode is { } number)
        {
            json.WriteNumber("resultCode"u8, number);
        }
        else
        {
            Write(json, "resultCode"u8, job.ResultCodeText);
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            json.WriteString(name, time);
        }
    }
}
