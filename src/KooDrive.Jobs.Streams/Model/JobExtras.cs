namespace KooDrive.Jobs.Streams.Model;

/// <summary>
/// The members of a job that the documented example leaves out or that only some editions of the API have, apart from the job itself: where they
/// are absent a job is 40 bytes smaller, and jobs that have the same ones share them.
/// </summary>
internal sealed record JobExtras
{
    private static readonly JobExtras None = new();

    public string? TenantId { get; init; }

    /// <summary>The result code if it is a number; null if it is text.</summary>
    public long? ResultCode { get; init; }

    /// <summary>The result code if it is text and not a number; null otherwise.</summary>
    public string? ResultCodeText { get; init; }

    public string? TaskName { get; init; }

    public string? UserId { get; init; }

    public int? Progress { get; init; }

    public string? DownloadUrl { get; init; }

    /// <summary>Something to apply <see langword="with"/> to.</summary>
    public static JobExtras From(JobExtras? extras) => extras ?? None;

    /// <summary>Null when there is nothing in it, so that equal jobs have equal fields.</summary>
    public JobExtras? OrNull() => this == None ? null : this;
}
