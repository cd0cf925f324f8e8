using KooDrive.Jobs.Streams.Emulator.Model;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A batch job of the emulator: <c>JobInfo</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>
/// Names and values are those of the wire format: codes are integers, and times are 14 digits. Values are not validated, so that tests can
/// use invalid jobs. The response omits members that are <see langword="null"/>.
/// </remarks>
public sealed record EmulatedJob
{
    /// <summary>The task id. Default: empty, and <see cref="EmulatedJobStore.Add(EmulatedJob)"/> assigns an id.</summary>
    public string TaskId { get; init; } = "";

    /// <summary>
    /// The type: 1 batch replication, 2 batch deletion, 3 batch relocation, 4 restoration from the recycle bin, 5 cloud decompression,
    /// 6 package download, 7 recycle-bin clearance.
    /// </summary>
    public int? TaskType { get; init; }

    /// <summary>
    /// The operation within the type: 101 replication, 201 to the recycle bin, 202 permanent deletion, 301 relocation, 501 package preview, 502 full and
    /// 503 partial decompression, 701 recycle-bin clearance.
    /// </summary>
    public int? ActionType { get; init; }

    /// <summary>The status: 0 to be processed, 1 being processed, 2 completed, 3 canceled.</summary>
    public int? Status { get; init; }

    /// <summary>The result: 1 all files succeeded, 2 some failed, 3 all failed.</summary>
    public int? TaskResultCode { get; init; }

    /// <summary>The code that explains the result. The document lists no values.</summary>
    public int? ResultCode { get; init; }

    /// <summary>The number of files of the job.</summary>
    public int? ContentNum { get; init; }

    /// <summary>The target space of a job that involves two spaces.</summary>
    public string? ContainerId { get; init; }

    /// <summary>The id of the tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The time when processing started: <c>yyyyMMddHHmmss</c>.</summary>
    public string? BeginTime { get; init; }

    /// <summary>The time when the job finished: <c>yyyyMMddHHmmss</c>.</summary>
    public string? EndTime { get; init; }

    /// <summary>The time when the job was created: <c>yyyyMMddHHmmss</c>.</summary>
    public string? CreateTime { get; init; }

    /// <summary>The name of the job; in older editions of the API only.</summary>
    public string? TaskName { get; init; }

    /// <summary>The user who started the job; in older editions of the API only.</summary>
    public string? UserId { get; init; }

    /// <summary>The progress in percent; in older editions of the API only.</summary>
    public int? Progress { get; init; }

    /// <summary>The URL of the package of a package download; in older editions of the API only.</summary>
    public string? DownloadUrl { get; init; }

    /// <summary>Whether the job is completed or canceled.</summary>
    public bool IsFinished => Status is JobCodes.Completed or JobCodes.Canceled;
}
