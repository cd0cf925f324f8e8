using System.Globalization;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams;

/// <summary>A batch job as the server returned it: <c>JobInfo</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>
/// Immutable and thread-safe. Two jobs are equal if all properties are equal, including the offsets of times. A property is <see langword="null"/> if the server
/// omitted the field, or sent null, an empty text or a value of another type. Times have the offset <see cref="JobsClientOptions.TimestampOffset"/>, because
/// the API document names no time zone.
/// </remarks>
[JsonConverter(typeof(JobJsonConverter))]
public sealed record Job
{
    private const int MaxShownIdLength = 128;

    // A listing may hold millions of jobs. With these fields a job takes 80 bytes; with a nullable field per property it would take 208.
    private readonly JobExtras? _extras;
    private readonly long _contentCount;
    private readonly uint _beginSeconds;
    private readonly uint _endSeconds;
    private readonly uint _createSeconds;
    private readonly int _type;
    private readonly int _action;
    private readonly int _status;
    private readonly int _result;
    private readonly sbyte _beginOffset;
    private readonly sbyte _endOffset;
    private readonly sbyte _createOffset;
    private readonly Fields _presentFields;

    [Flags]
    private enum Fields : byte
    {
        None = 0,
        Type = 1,
        Action = 2,
        Status = 4,
        Result = 8,
        ContentCount = 16,
    }

    /// <summary>The task id (<c>taskId</c>), which identifies the job. Never null or empty.</summary>
    /// <remarks>The id is text, because its 19 digits exceed the precision of a double.</remarks>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public required string TaskId
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value, nameof(TaskId));
            field = value;
        }
    }

    /// <summary>The type of the job (<c>taskType</c>).</summary>
    public JobType? Type
    {
        get => Has(Fields.Type) ? (JobType)_type : null;
        init => (_type, _presentFields) = ((int)value.GetValueOrDefault(), Mark(Fields.Type, value.HasValue));
    }

    /// <summary>The operation within the type (<c>actionType</c>).</summary>
    public JobAction? Action
    {
        get => Has(Fields.Action) ? (JobAction)_action : null;
        init => (_action, _presentFields) = ((int)value.GetValueOrDefault(), Mark(Fields.Action, value.HasValue));
    }

    /// <summary>The status of the job (<c>status</c>).</summary>
    public JobStatus? Status
    {
        get => Has(Fields.Status) ? (JobStatus)_status : null;
        init => (_status, _presentFields) = ((int)value.GetValueOrDefault(), Mark(Fields.Status, value.HasValue));
    }

    /// <summary>The result of the job for its files (<c>taskResultCode</c>); usually null until the job has finished.</summary>
    public JobResult? Result
    {
        get => Has(Fields.Result) ? (JobResult)_result : null;
        init => (_result, _presentFields) = ((int)value.GetValueOrDefault(), Mark(Fields.Result, value.HasValue));
    }

    /// <summary>The code that explains the result (<c>resultCode</c>), as a number.</summary>
    /// <remarks>
    /// The API document lists no values. Null if the server sent text that is not a 64-bit integer without leading zeros, such as <c>KD.0001</c>; <see cref="ResultCodeText"/> contains
    /// numbers and text.
    /// </remarks>
    public long? ResultCode
    {
        get => _extras?.ResultCode;
        init => _extras = (JobExtras.From(_extras) with { ResultCode = value, ResultCodeText = null }).OrNull();
    }

    /// <summary>The code that explains the result (<c>resultCode</c>), as text, whether the server sent a number or text.</summary>
    /// <remarks>Setting this property also sets <see cref="ResultCode"/>: to the number, or to null if the text is not a number.</remarks>
    public string? ResultCodeText
    {
        get => _extras?.ResultCodeText ?? _extras?.ResultCode?.ToString(CultureInfo.InvariantCulture);
        init
        {
            (long? number, string? text) = JobExtras.ReadCode(value);
            _extras = (JobExtras.From(_extras) with { ResultCode = number, ResultCodeText = text }).OrNull();
        }
    }

    /// <summary>The number of files that the job processes (<c>contentNum</c>).</summary>
    public long? ContentCount
    {
        get => Has(Fields.ContentCount) ? _contentCount : null;
        init => (_contentCount, _presentFields) = (value.GetValueOrDefault(), Mark(Fields.ContentCount, value.HasValue));
    }

    /// <summary>The id of the target space of a job across spaces (<c>containerId</c>).</summary>
    public string? ContainerId { get; init; }

    /// <summary>The id of the tenant (<c>tenantId</c>).</summary>
    public string? TenantId
    {
        get => _extras?.TenantId;
        init => _extras = (JobExtras.From(_extras) with { TenantId = value }).OrNull();
    }

    /// <summary>The time at which the job started (<c>beginTime</c>), to the second.</summary>
    public DateTimeOffset? BeginTime
    {
        get => Begin.ToTime();
        init => Begin = JobTime.From(value);
    }

    /// <summary>The time at which the job ended (<c>endTime</c>), to the second.</summary>
    public DateTimeOffset? EndTime
    {
        get => End.ToTime();
        init => End = JobTime.From(value);
    }

    /// <summary>The time at which the job was created (<c>createTime</c>), to the second.</summary>
    public DateTimeOffset? CreateTime
    {
        get => Create.ToTime();
        init => Create = JobTime.From(value);
    }

    /// <summary>The name of the job (<c>taskName</c>), which only some editions of the API have.</summary>
    public string? TaskName
    {
        get => _extras?.TaskName;
        init => _extras = (JobExtras.From(_extras) with { TaskName = value }).OrNull();
    }

    /// <summary>The id of the user who started the job (<c>userId</c>), which only some editions of the API have.</summary>
    public string? UserId
    {
        get => _extras?.UserId;
        init => _extras = (JobExtras.From(_extras) with { UserId = value }).OrNull();
    }

    /// <summary>The progress of the job in percent (<c>progress</c>), which only some editions of the API have, for some types.</summary>
    public int? Progress
    {
        get => _extras?.Progress;
        init => _extras = (JobExtras.From(_extras) with { Progress = value }).OrNull();
    }

    /// <summary>The address of the package of a download job (<c>downloadUrl</c>), which only some editions of the API have.</summary>
    /// <remarks>The address may be sufficient to download the package, so <see cref="ToString"/> omits it.</remarks>
    public string? DownloadUrl
    {
        get => _extras?.DownloadUrl;
        init => _extras = (JobExtras.From(_extras) with { DownloadUrl = value }).OrNull();
    }

    /// <summary>Sets the seven properties of which <see cref="JobExtras"/> contains the values.</summary>
    internal JobExtras? Extras
    {
        init => _extras = _extras?.Times is { } times ? JobExtras.From(value) with { Times = times } : value;
    }

    /// <summary><see cref="BeginTime"/> as it is stored.</summary>
    internal JobTime Begin
    {
        get => new(_beginSeconds, _beginOffset, _extras?.Times?.Begin);
        init
        {
            (_beginSeconds, _beginOffset) = (value.Seconds, value.OffsetQuarters);
            if (value.Exact is not null || _extras?.Times is not null)
            {
                _extras = JobExtras.WithTimes(_extras, ExactTimes.From(_extras?.Times) with { Begin = value.Exact });
            }
        }
    }

    /// <summary><see cref="EndTime"/> as it is stored.</summary>
    internal JobTime End
    {
        get => new(_endSeconds, _endOffset, _extras?.Times?.End);
        init
        {
            (_endSeconds, _endOffset) = (value.Seconds, value.OffsetQuarters);
            if (value.Exact is not null || _extras?.Times is not null)
            {
                _extras = JobExtras.WithTimes(_extras, ExactTimes.From(_extras?.Times) with { End = value.Exact });
            }
        }
    }

    /// <summary><see cref="CreateTime"/> as it is stored.</summary>
    internal JobTime Create
    {
        get => new(_createSeconds, _createOffset, _extras?.Times?.Create);
        init
        {
            (_createSeconds, _createOffset) = (value.Seconds, value.OffsetQuarters);
            if (value.Exact is not null || _extras?.Times is not null)
            {
                _extras = JobExtras.WithTimes(_extras, ExactTimes.From(_extras?.Times) with { Create = value.Exact });
            }
        }
    }

    /// <summary>Whether the job is completed, with any result, or canceled.</summary>
    public bool IsFinished => Status is JobStatus.Completed or JobStatus.Canceled;

    /// <summary>Whether the job is completed and all files succeeded.</summary>
    public bool IsSucceeded => Status is JobStatus.Completed && Result is JobResult.AllSucceeded;

    /// <summary>Returns the task id, the type, the status and the result in one line, for logs.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Job {Shown(TaskId)}: type {Describe(Type)}, status {Describe(Status)}, result {Describe(Result)}");

    private bool Has(Fields field) => (_presentFields & field) != 0;

    private Fields Mark(Fields field, bool isPresent) => isPresent ? _presentFields | field : _presentFields & ~field;

    // An id is text from the server, which may contain line breaks and control sequences of a terminal.
    private static string Shown(string taskId) => taskId.Length <= MaxShownIdLength && !taskId.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? taskId
        : string.Concat(taskId.Take(MaxShownIdLength).Select(character => character is > ' ' and <= '~' ? character : '?'));

    private static string Describe<T>(T? value)
        where T : struct, Enum => value?.ToString() ?? "unknown";
}
