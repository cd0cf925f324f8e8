using System.Text.Json;

namespace KooDrive.Jobs.Streams;

/// <summary>Reads one object of <c>data</c> after the other.</summary>
internal struct JobReader(TimeSpan timestampOffset)
{
    private RepeatedText _repeated;
    private TimestampReader _times = new(timestampOffset);
    private RepeatedExtras _extras;

    /// <summary>The member that was read last, to name the culprit; Unknown between jobs.</summary>
    public JobMember Member { get; private set; } = JobMember.Unknown;

    /// <summary>Reads from the object's start, which the reader stands on, to its end.</summary>
    public Job Read(ref Utf8JsonReader json)
    {
        string? taskId = null, containerId = null, tenantId = null, taskName = null, userId = null, downloadUrl = null;
        int? type = null, action = null, status = null, result = null, progress = null;
        long? resultCode = null, contentCount = null;
        DateTimeOffset? begin = null, end = null, create = null;
        uint seen = 0;
        var previous = JobMember.Unknown;

        while (json.ReadNext() is JsonTokenType.PropertyName)
        {
            JobMember member = JobMembers.Find(in json, previous);
            if (member is JobMember.Unknown)
            {
                json.SkipMember();
                continue;
            }

            Member = previous = member;
            if ((seen & (1u << (int)member)) != 0)
            {
                throw new FormatException("stands there twice, and nothing tells which is right");
            }

            seen |= 1u << (int)member;
            json.ReadNext();
            switch (member)
            {
                case JobMember.TaskId: taskId = JsonValue.ReadId(in json); break;
                case JobMember.TaskType: type = JsonValue.ReadInt32(in json); break;
                case JobMember.ActionType: action = JsonValue.ReadInt32(in json); break;
                case JobMember.Status: status = JsonValue.ReadInt32(in json); break;
                case JobMember.TaskResultCode: result = JsonValue.ReadInt32(in json); break;
                case JobMember.ResultCode: resultCode = JsonValue.ReadInt64(in json); break;
                case JobMember.ContentNum: contentCount = JsonValue.ReadInt64(in json); break;
                case JobMember.ContainerId: containerId = _repeated.Read(in json); break;
                case JobMember.TenantId: tenantId = _repeated.Read(in json); break;
                case JobMember.BeginTime: begin = JsonValue.ReadTime(in json, ref _times); break;
                case JobMember.EndTime: end = JsonValue.ReadTime(in json, ref _times); break;
                case JobMember.CreateTime: create = JsonValue.ReadTime(in json, ref _times); break;
                case JobMember.TaskName: taskName = JsonValue.ReadText(in json); break;
                case JobMember.UserId: userId = _repeated.Read(in json); break;
                case JobMember.Progress: progress = JsonValue.ReadInt32(in json); break;
                case JobMember.DownloadUrl: downloadUrl = JsonValue.ReadText(in json); break;
            }
        }

        Member = JobMember.TaskId;
        var job = new Job
        {
            TaskId = taskId ?? throw new FormatException("is missing, and a job cannot be told from others without it"),
            Type = (JobType?)type,
            Action = (JobAction?)action,
            Status = (JobStatus?)status,
            Result = (JobResult?)result,
            ContentCount = contentCount,
            ContainerId = containerId,
            BeginTime = begin,
            EndTime = end,
            CreateTime = create,
            Extras = _extras.Share(tenantId, resultCode, taskName, userId, progress, downloadUrl),
        };
        Member = JobMember.Unknown;
        return job;
    }
}
