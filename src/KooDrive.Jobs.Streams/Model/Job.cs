using System.Globalization;

namespace KooDrive.Jobs.Streams;

/// <summary>One batch job as the server last described it: <c>JobInfo</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>
/// Immutable and safe to share between threads; two jobs are equal when every field is. A field that the server left out, sent as
/// null or sent empty is <see langword="null"/>. Times are read with <see cref="JobsClientOptions.TimestampOffset"/>, because
/// the document names no time zone.
/// </remarks>
public sealed record Job
{
    /// <summary>The task id (<c>taskId</c>): text, because its 19 digits do not fit a double. Never null or empty.</summary>
    public required string TaskId { get; init; }

    /// <summary>What kind of work this is (<c>taskType</c>).</summary>
    public JobType? Type { get; init; }

    /// <summary>The operation within the type (<c>actionType</c>).</summary>
    public JobAction? Action { get; init; }

    /// <summary>How far the job has come (<c>status</c>).</summary>
    public JobStatus? Status { get; init; }

    /// <summary>What became of its files (<c>taskResultCode</c>); usually absent until the job has finished.</summary>
    public JobResult? Result { get; init; }

    /// <summary>A code that explains the result (<c>resultCode</c>). The document lists no values.</summary>
    public long? ResultCode { get; init; }

    /// <summary>The number of files that the job was asked to work on (<c>contentNum</c>).</summary>
    public long? ContentCount { get; init; }

    /// <summary>The target space, when the job crosses spaces (<c>containerId</c>).</summary>
    public string? ContainerId { get; init; }

    /// <summary>The tenant (<c>tenantId</c>).</summary>
    public string? TenantId { get; init; }

    /// <summary>When work on the job began (<c>beginTime</c>), to the second.</summary>
    public DateTimeOffset? BeginTime { get; init; }

    /// <summary>When the job ended (<c>endTime</c>), to the second.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>When the job was created (<c>createTime</c>), to the second.</summary>
    public DateTimeOffset? CreateTime { get; init; }

    /// <summary>The name of the job (<c>taskName</c>); in some editions of the API only.</summary>
    public string? TaskName { get; init; }

    /// <summary>The user who started the job (<c>userId</c>); in some editions of the API only.</summary>
    public string? UserId { get; init; }

    /// <summary>How much is done, in percent (<c>progress</c>); in some editions of the API and for some types only.</summary>
    public int? Progress { get; init; }

    /// <summary>Where the package can be fetched (<c>downloadUrl</c>); package downloads in some editions of the API only.</summary>
    /// <remarks>Such an address may let whoever holds it download, so <see cref="ToString"/> leaves it out.</remarks>
    public string? DownloadUrl { get; init; }

    /// <summary>Whether the job is over: completed, with whatever result, or canceled.</summary>
    public bool IsFinished => Status is JobStatus.Completed or JobStatus.Canceled;

    /// <summary>Whether the job completed and every file succeeded.</summary>
    public bool Succeeded => Status is JobStatus.Completed && Result is JobResult.AllSucceeded;

    /// <summary>A line for logs: task id, type, status and result.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Job {TaskId}: {Describe(Type)}, {Describe(Status)}, {Describe(Result)}");

    private static string Describe<T>(T? value)
        where T : struct, Enum => value is { } known ? $"{typeof(T).Name}.{known}" : $"no {typeof(T).Name}";
}
