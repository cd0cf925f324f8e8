namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A batch job as the emulator holds and serves it: <c>JobInfo</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>
/// Names and values are those of the wire: plain integers, times as 14 digits. Nothing is checked, so a job may be as odd as a test
/// needs it. A member that is <see langword="null"/> is left out of the answer.
/// </remarks>
public sealed record EmulatedJob
{
    /// <summary>The task id. Empty (the default) asks the store for one; see <see cref="EmulatedJobStore.Add(EmulatedJob)"/>.</summary>
    public string TaskId { get; init; } = "";

    /// <summary>
    /// 1 batch replication, 2 batch deletion, 3 batch relocation, 4 restoration from the recycle bin, 5 cloud decompression,
    /// 6 package download, 7 recycle-bin clearance.
    /// </summary>
    public int? TaskType { get; init; }

    /// <summary>
    /// 101 replication, 201 to the recycle bin, 202 permanent deletion, 301 relocation, 501 package preview, 502 full and
    /// 503 partial decompression, 701 recycle-bin clearance.
    /// </summary>
    public int? ActionType { get; init; }

    /// <summary>0 to be processed, 1 being processed, 2 completed, 3 canceled.</summary>
    public int? Status { get; init; }

    /// <summary>1 all files succeeded, 2 some failed, 3 all failed.</summary>
    public int? TaskResultCode { get; init; }

    /// <summary>The code that explains the result. The document lists no values.</summary>
    public int? ResultCode { get; init; }

    /// <summary>The number of files that the job was asked to work on.</summary>
    public int? ContentNum { get; init; }

    /// <summary>The target space, when the job crosses spaces.</summary>
    public string? ContainerId { get; init; }

    /// <summary>The tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>When work began: <c>yyyyMMddHHmmss</c>.</summary>
    public string? BeginTime { get; init; }

    /// <summary>When the job ended: <c>yyyyMMddHHmmss</c>.</summary>
    public string? EndTime { get; init; }

    /// <summary>When the job was created: <c>yyyyMMddHHmmss</c>.</summary>
    public string? CreateTime { get; init; }

    /// <summary>The name of the job; in older editions of the API only.</summary>
    public string? TaskName { get; init; }

    /// <summary>The user who started the job; in older editions of the API only.</summary>
    public string? UserId { get; init; }

    /// <summary>How much is done, in percent; in older editions of the API only.</summary>
    public int? Progress { get; init; }

    /// <summary>Where the package can be fetched; for package downloads, in older editions of the API only.</summary>
    public string? DownloadUrl { get; init; }

    /// <summary>Whether the job is over: completed or canceled.</summary>
    public bool IsFinished => Status is JobCodes.Completed or JobCodes.Canceled;
}
