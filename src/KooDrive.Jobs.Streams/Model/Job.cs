using System.Globalization;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams;

/// <summary>One batch job as the server last described it: <c>JobInfo</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>
/// Immutable and safe to share between threads; two jobs are equal when every field is, times with their offsets. A field that the
/// server left out, sent as null, sent empty or sent with a value that is not of its type is <see langword="null"/>. Times are read with
/// <see cref="JobsClientOptions.TimestampOffset"/>, because the document names no time zone.
/// </remarks>
[JsonConverter(typeof(JobJsonConverter))]
public sealed record Job
{
    // A listing may hold millions of these. Kept like this a job takes 96 bytes; a nullable property each would take 208.
    private readonly JobExtras? _extras;
    private readonly long _contentCount;
    private readonly long _beginTicks;
    private readonly long _endTicks;
    private readonly long _createTicks;
    private readonly int _type;
    private readonly int _action;
    private readonly int _status;
    private readonly int _result;
    private readonly short _beginOffset;
    private readonly short _endOffset;
    private readonly short _createOffset;
    private readonly Known _presentFields;

    [Flags]
    private enum Known : byte
    {
        None = 0,
        Type = 1,
        Action = 2,
        Status = 4,
        Result = 8,
        ContentCount = 16,
    }

    /// <summary>The task id (<c>taskId</c>): text, because its 19 digits do not fit a double. Never null or empty.</summary>
    public required string TaskId { get; init; }

    /// <summary>What kind of work this is (<c>taskType</c>).</summary>
    public JobType? Type
    {
        get => Has(Known.Type) ? (JobType)_type : null;
        init => (_type, _presentFields) = ((int)value.GetValueOrDefault(), Mark(Known.Type, value.HasValue));
    }

    /// <summary>The operation within the type (<c>actionType</c>).</summary>
    public JobAction? Action
    {
        get => Has(Known.Action) ? (JobAction)_action : null;
        init => (_action, _presentFields) = ((int)value.GetValueOrDefault(), Mark(Known.Action, value.HasValue));
    }

    /// <summary>How far the job has come (<c>status</c>).</summary>
    public JobStatus? Status
    {
        get => Has(Known.Status) ? (JobStatus)_status : null;
        init => (_status, _presentFields) = ((int)value.GetValueOrDefault(), Mark(Known.Status, value.HasValue));
    }

    /// <summary>What became of its files (<c>taskResultCode</c>); usually absent until the job has finished.</summary>
    public JobResult? Result
    {
        get => Has(Known.Result) ? (JobResult)_result : null;
        init => (_result, _presentFields) = ((int)value.GetValueOrDefault(), Mark(Known.Result, value.HasValue));
    }

    /// <summary>
    /// A code that explains the result (<c>resultCode</c>), as a number. The document lists no values. Null if the server sent a text that is not a
    /// 64-bit integer, such as <c>KD.0001</c>: <see cref="ResultCodeText"/> has both.
    /// </summary>
    public long? ResultCode
    {
        get => _extras?.ResultCode;
        init => _extras = (JobExtras.From(_extras) with { ResultCode = value, ResultCodeText = null }).OrNull();
    }

    /// <summary>
    /// The code that explains the result (<c>resultCode</c>), as text, whether the server sent a number or a text. To set it sets
    /// <see cref="ResultCode"/> too: to the number, or to null if the text is not one.
    /// </summary>
    public string? ResultCodeText
    {
        get => _extras?.ResultCodeText ?? _extras?.ResultCode?.ToString(CultureInfo.InvariantCulture);
        init
        {
            long? number = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
            string? text = number is null && value is not "" ? value : null;
            _extras = (JobExtras.From(_extras) with { ResultCode = number, ResultCodeText = text }).OrNull();
        }
    }

    /// <summary>The number of files that the job was asked to work on (<c>contentNum</c>).</summary>
    public long? ContentCount
    {
        get => Has(Known.ContentCount) ? _contentCount : null;
        init => (_contentCount, _presentFields) = (value.GetValueOrDefault(), Mark(Known.ContentCount, value.HasValue));
    }

    /// <summary>The target space, when the job crosses spaces (<c>containerId</c>).</summary>
    public string? ContainerId { get; init; }

    /// <summary>The tenant (<c>tenantId</c>).</summary>
    public string? TenantId
    {
        get => _extras?.TenantId;
        init => _extras = (JobExtras.From(_extras) with { TenantId = value }).OrNull();
    }

    /// <summary>When work on the job began (<c>beginTime</c>), to the second.</summary>
    public DateTimeOffset? BeginTime
    {
        get => Unpack(_beginTicks, _beginOffset);
        init => (_beginTicks, _beginOffset) = Pack(value);
    }

    /// <summary>When the job ended (<c>endTime</c>), to the second.</summary>
    public DateTimeOffset? EndTime
    {
        get => Unpack(_endTicks, _endOffset);
        init => (_endTicks, _endOffset) = Pack(value);
    }

    /// <summary>When the job was created (<c>createTime</c>), to the second.</summary>
    public DateTimeOffset? CreateTime
    {
        get => Unpack(_createTicks, _createOffset);
        init => (_createTicks, _createOffset) = Pack(value);
    }

    /// <summary>The name of the job (<c>taskName</c>); in some editions of the API only.</summary>
    public string? TaskName
    {
        get => _extras?.TaskName;
        init => _extras = (JobExtras.From(_extras) with { TaskName = value }).OrNull();
    }

    /// <summary>The user who started the job (<c>userId</c>); in some editions of the API only.</summary>
    public string? UserId
    {
        get => _extras?.UserId;
        init => _extras = (JobExtras.From(_extras) with { UserId = value }).OrNull();
    }

    /// <summary>How much is done, in percent (<c>progress</c>); in some editions of the API and for some types only.</summary>
    public int? Progress
    {
        get => _extras?.Progress;
        init => _extras = (JobExtras.From(_extras) with { Progress = value }).OrNull();
    }

    /// <summary>Where the package can be fetched (<c>downloadUrl</c>); package downloads in some editions of the API only.</summary>
    /// <remarks>Such an address may let whoever holds it download, so <see cref="ToString"/> leaves it out.</remarks>
    public string? DownloadUrl
    {
        get => _extras?.DownloadUrl;
        init => _extras = (JobExtras.From(_extras) with { DownloadUrl = value }).OrNull();
    }

    /// <summary>Sets all that they hold at once.</summary>
    internal JobExtras? Extras
    {
        init => _extras = value;
    }

    /// <summary>Whether the job is over: completed, with whatever result, or canceled.</summary>
    public bool IsFinished => Status is JobStatus.Completed or JobStatus.Canceled;

    /// <summary>Whether the job completed and every file succeeded.</summary>
    public bool IsSucceeded => Status is JobStatus.Completed && Result is JobResult.AllSucceeded;

    /// <summary>Returns a line for logs: task id, type, status and result.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Job {TaskId}: type {Describe(Type)}, status {Describe(Status)}, result {Describe(Result)}");

    private bool Has(Known field) => (_presentFields & field) != 0;

    private Known Mark(Known field, bool known) => known ? _presentFields | field : _presentFields & ~field;

    // Ticks of the clock face, plus one: zero is no time.
    private static (long Ticks, short Offset) Pack(DateTimeOffset? time) =>
        time is { } known ? (known.Ticks + 1, (short)known.TotalOffsetMinutes) : default;

    private static DateTimeOffset? Unpack(long ticks, short offset) =>
        ticks == 0 ? null : new DateTimeOffset(ticks - 1, TimeSpan.FromMinutes((long)offset));

    private static string Describe<T>(T? value)
        where T : struct, Enum => value?.ToString() ?? "unknown";
}
