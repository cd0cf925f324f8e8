using System.Text.Json;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>Reads the objects of <c>data</c>. Only an invalid id is rejected; any other invalid value is absent.</summary>
internal struct JobReader(TimeSpan timestampOffset)
{
    private RepeatedText _repeated;
    private TimestampReader _times = new(timestampOffset);
    private RepeatedExtras _extras;
    private Values _values;

    /// <summary>The member that is being read, for error messages; Unknown between jobs.</summary>
    public JobMember Member { get; private set; } = JobMember.Unknown;

    /// <summary>The members of the last job that are absent because their value was invalid, a bit each.</summary>
    public uint InvalidMembers { get; private set; }

    /// <summary>Reads the object whose start the reader is at.</summary>
    /// <exception cref="FormatException">The id is missing or invalid.</exception>
    public Job Read(ref Utf8JsonReader json)
    {
        _values = default;
        InvalidMembers = 0;
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
            var bit = 1u << (int)member;
            var isRepeated = (seen & bit) != 0;
            seen |= bit;
            json.ReadNext();
            if (isRepeated)
            {
                Clear(member);
            }

            if (isRepeated || !TryRead(member, in json))
            {
                InvalidMembers |= bit;
                json.SkipValue();
            }
        }

        Member = JobMember.TaskId;
        Job job = ToJob();
        Member = JobMember.Unknown;
        return job;
    }

    private bool TryRead(JobMember member, ref readonly Utf8JsonReader json)
    {
        switch (member)
        {
            case JobMember.TaskId:
                _values.TaskId = JsonValue.ReadId(in json);
                return true;
            case JobMember.TaskType: return JsonValue.TryReadInt32(in json, out _values.Type);
            case JobMember.ActionType: return JsonValue.TryReadInt32(in json, out _values.Action);
            case JobMember.Status: return JsonValue.TryReadInt32(in json, out _values.Status);
            case JobMember.TaskResultCode: return JsonValue.TryReadInt32(in json, out _values.Result);
            case JobMember.ResultCode: return TryReadResultCode(in json);
            case JobMember.ContentNum: return JsonValue.TryReadInt64(in json, out _values.ContentCount);
            case JobMember.ContainerId: return _repeated.TryRead(in json, out _values.ContainerId);
            case JobMember.TenantId: return _repeated.TryRead(in json, out _values.TenantId);
            case JobMember.BeginTime: return JsonValue.TryReadTime(in json, ref _times, out _values.Begin);
            case JobMember.EndTime: return JsonValue.TryReadTime(in json, ref _times, out _values.End);
            case JobMember.CreateTime: return JsonValue.TryReadTime(in json, ref _times, out _values.Create);
            case JobMember.TaskName: return JsonValue.TryReadText(in json, out _values.TaskName);
            case JobMember.UserId: return _repeated.TryRead(in json, out _values.UserId);
            case JobMember.Progress: return JsonValue.TryReadInt32(in json, out _values.Progress);
            default: return JsonValue.TryReadText(in json, out _values.DownloadUrl);
        }
    }

    /// <summary>Reads a number, or text that is not a number.</summary>
    private bool TryReadResultCode(ref readonly Utf8JsonReader json)
    {
        _values.ResultCodeText = null;
        return JsonValue.TryReadInt64(in json, out _values.ResultCode)
            || (json.TokenType is JsonTokenType.String && _repeated.TryRead(in json, out _values.ResultCodeText));
    }

    /// <summary>Makes a duplicated member absent, because neither value is known to be correct.</summary>
    private void Clear(JobMember member)
    {
        if (member is JobMember.TaskId)
        {
            throw new FormatException("is duplicated");
        }

        var noValue = new Utf8JsonReader("null"u8);
        noValue.Read();
        TryRead(member, in noValue);
    }

    private Job ToJob() => new()
    {
        TaskId = _values.TaskId ?? throw new FormatException("is missing"),
        Type = (JobType?)_values.Type,
        Action = (JobAction?)_values.Action,
        Status = (JobStatus?)_values.Status,
        Result = (JobResult?)_values.Result,
        ContentCount = _values.ContentCount,
        ContainerId = _values.ContainerId,
        BeginTime = _values.Begin,
        EndTime = _values.End,
        CreateTime = _values.Create,
        Extras = _extras.Share(
            _values.TenantId, _values.ResultCode, _values.ResultCodeText, _values.TaskName, _values.UserId, _values.Progress, _values.DownloadUrl),
    };

    private struct Values
    {
        public string? TaskId, ContainerId, TenantId, ResultCodeText, TaskName, UserId, DownloadUrl;
        public int? Type, Action, Status, Result, Progress;
        public long? ResultCode, ContentCount;
        public DateTimeOffset? Begin, End, Create;
    }
}
