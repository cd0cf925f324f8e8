using System.Text.Json;

namespace KooDrive.Jobs.Streams.Model;

/// <summary>Writes and reads a job as JSON, with the names and the order of the API document. Coded values are also written by name.</summary>
internal static class JobJson
{
    // Compared by reference, so that no id of a server is equal to it.
    private static readonly string AbsentTaskId = new('-', 1);

    private static readonly JsonEncodedText TaskId = JsonEncodedText.Encode("taskId");
    private static readonly JsonEncodedText TaskType = JsonEncodedText.Encode("taskType");
    private static readonly JsonEncodedText TaskTypeName = JsonEncodedText.Encode("taskTypeName");
    private static readonly JsonEncodedText ActionType = JsonEncodedText.Encode("actionType");
    private static readonly JsonEncodedText ActionTypeName = JsonEncodedText.Encode("actionTypeName");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText StatusName = JsonEncodedText.Encode("statusName");
    private static readonly JsonEncodedText TaskResultCode = JsonEncodedText.Encode("taskResultCode");
    private static readonly JsonEncodedText TaskResultCodeName = JsonEncodedText.Encode("taskResultCodeName");
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

    public static void Write(Utf8JsonWriter json, Job job)
    {
        json.WriteStartObject();
        json.WriteString(TaskId, job.TaskId);
        json.WriteCode(TaskType, TaskTypeName, job.Type);
        json.WriteCode(ActionType, ActionTypeName, job.Action);
        json.WriteCode(Status, StatusName, job.Status);
        json.WriteCode(TaskResultCode, TaskResultCodeName, job.Result);
        WriteResultCode(json, job);
        json.WriteIfPresent(ContentNum, job.ContentCount);
        json.WriteIfPresent(ContainerId, job.ContainerId);
        json.WriteIfPresent(TenantId, job.TenantId);
        json.WriteIfPresent(BeginTime, job.BeginTime);
        json.WriteIfPresent(EndTime, job.EndTime);
        json.WriteIfPresent(CreateTime, job.CreateTime);
        json.WriteIfPresent(TaskName, job.TaskName);
        json.WriteIfPresent(UserId, job.UserId);
        json.WriteIfPresent(Progress, job.Progress);
        json.WriteIfPresent(DownloadUrl, job.DownloadUrl);
        json.WriteEndObject();
    }

    /// <summary>Reads the object at the reader's position.</summary>
    /// <exception cref="JsonException">The value is not a job.</exception>
    public static Job Read(ref Utf8JsonReader json)
    {
        Job job = ReadState(ref json);
        return HasTaskId(job) ? job : throw new JsonException($"The job has no {TaskId}.");
    }

    /// <summary>Whether the JSON of a job that <see cref="ReadState"/> has returned contains a task id.</summary>
    public static bool HasTaskId(Job state) => !ReferenceEquals(state.TaskId, AbsentTaskId);

    /// <summary>Reads the object at the reader's position, which may lack the task id: see <see cref="HasTaskId"/>.</summary>
    /// <exception cref="JsonException">The value is not a state of a job.</exception>
    public static Job ReadState(ref Utf8JsonReader json)
    {
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException("A job must be an object.");
        }

        string? taskId = null, containerId = null, tenantId = null, taskName = null, userId = null, downloadUrl = null, resultCodeText = null;
        int? type = null, action = null, status = null, result = null, progress = null;
        long? resultCode = null, contentNum = null;
        DateTimeOffset? beginTime = null, endTime = null, createTime = null;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (Is(in json, TaskId))
            {
                taskId = json.ReadText();
            }
            else if (Is(in json, TaskType))
            {
                type = json.ReadInt32();
            }
            else if (Is(in json, ActionType))
            {
                action = json.ReadInt32();
            }
            else if (Is(in json, Status))
            {
                status = json.ReadInt32();
            }
            else if (Is(in json, TaskResultCode))
            {
                result = json.ReadInt32();
            }
            else if (Is(in json, ResultCode))
            {
                (resultCode, resultCodeText) = json.ReadResultCode();
            }
            else if (Is(in json, ContentNum))
            {
                contentNum = json.ReadInt64();
            }
            else if (Is(in json, ContainerId))
            {
                containerId = json.ReadText();
            }
            else if (Is(in json, TenantId))
            {
                tenantId = json.ReadText();
            }
            else if (Is(in json, BeginTime))
            {
                beginTime = json.ReadTime();
            }
            else if (Is(in json, EndTime))
            {
                endTime = json.ReadTime();
            }
            else if (Is(in json, CreateTime))
            {
                createTime = json.ReadTime();
            }
            else if (Is(in json, TaskName))
            {
                taskName = json.ReadText();
            }
            else if (Is(in json, UserId))
            {
                userId = json.ReadText();
            }
            else if (Is(in json, Progress))
            {
                progress = json.ReadInt32();
            }
            else if (Is(in json, DownloadUrl))
            {
                downloadUrl = json.ReadText();
            }
            else
            {
                // The name of a coded value, or a member of a later version.
                json.SkipMemberValue();
            }
        }

        return new Job
        {
            TaskId = string.IsNullOrEmpty(taskId) ? AbsentTaskId : taskId,
            Type = (JobType?)type,
            Action = (JobAction?)action,
            Status = (JobStatus?)status,
            Result = (JobResult?)result,
            ContentCount = contentNum,
            ContainerId = containerId,
            BeginTime = beginTime,
            EndTime = endTime,
            CreateTime = createTime,
            Extras = new JobExtras
            {
                ResultCode = resultCode,
                ResultCodeText = resultCodeText,
                TenantId = tenantId,
                TaskName = taskName,
                UserId = userId,
                Progress = progress,
                DownloadUrl = downloadUrl,
            }.OrNull(),
        };
    }

    // In the form that the server sent: a number, or text that is not a number.
    private static void WriteResultCode(Utf8JsonWriter json, Job job)
    {
        if (job.ResultCode is { } number)
        {
            json.WriteNumber(ResultCode, number);
        }
        else
        {
            json.WriteIfPresent(ResultCode, job.ResultCodeText);
        }
    }

    private static bool Is(ref readonly Utf8JsonReader json, JsonEncodedText name) => json.ValueTextEquals(name.EncodedUtf8Bytes);
}
