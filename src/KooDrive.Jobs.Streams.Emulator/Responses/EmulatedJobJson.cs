using System.Text.Json;

namespace KooDrive.Jobs.Streams.Emulator.Responses;

/// <summary>Writes a job as JSON with the members in the order of the documented example. Members without a value are omitted.</summary>
internal static class EmulatedJobJson
{
    private static readonly JsonEncodedText TaskId = JsonEncodedText.Encode("taskId");
    private static readonly JsonEncodedText TaskType = JsonEncodedText.Encode("taskType");
    private static readonly JsonEncodedText ActionType = JsonEncodedText.Encode("actionType");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText TaskResultCode = JsonEncodedText.Encode("taskResultCode");
    private static readonly JsonEncodedText ResultCode = JsonEncodedText.Encode("resultCode");
    private static readonly JsonEncodedText ContentNum = JsonEncodedText.Encode("contentNum");
    private static readonly JsonEncodedText ContainerId = JsonEncodedText.Encode("containerId");
    private static readonly JsonEncodedText TenantId = JsonEncodedText.Encode("tenantId");
    private static readonly JsonEncodedText BeginTime = JsonEncodedText.Encode("beginTime");
    private static readonly JsonEncodedText EndTime = JsonEncodedText.Encode("endTime");
    private static readonly JsonEncodedText CreateTime = JsonEncodedText.Encode("createTime");
    private static readonly JsonEncodedText TaskName = JsonEncodedText.Encode("taskName");
    private static readonly JsonEncodedText UserId = JsonEncodedText.Encode("userId");
    private static readonly JsonEncodedText Progress = JsonEncodedText.Encode("progress");
    private static readonly JsonEncodedText DownloadUrl = JsonEncodedText.Encode("downloadUrl");

    public static void Write(Utf8JsonWriter json, EmulatedJob job)
    {
        json.WriteStartObject();
        json.WriteString(TaskId, job.TaskId);
        WriteNumber(json, TaskType, job.TaskType);
        WriteNumber(json, ActionType, job.ActionType);
        WriteNumber(json, Status, job.Status);
        WriteNumber(json, TaskResultCode, job.TaskResultCode);
        WriteNumber(json, ResultCode, job.ResultCode);
        WriteNumber(json, ContentNum, job.ContentNum);
        WriteText(json, ContainerId, job.ContainerId);
        WriteText(json, TenantId, job.TenantId);
        WriteText(json, BeginTime, job.BeginTime);
        WriteText(json, EndTime, job.EndTime);
        WriteText(json, CreateTime, job.CreateTime);
        WriteText(json, TaskName, job.TaskName);
        WriteText(json, UserId, job.UserId);
        WriteNumber(json, Progress, job.Progress);
        WriteText(json, DownloadUrl, job.DownloadUrl);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, JsonEncodedText name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteText(Utf8JsonWriter json, JsonEncodedText name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
