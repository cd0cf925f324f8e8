using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams;

/// <summary>A page of jobs, in the order of the server.</summary>
/// <remarks>
/// A page of <see cref="JobsClient.GetPageAsync"/> has the jobs of the response; a page of <see cref="JobListing.AsPages"/> has only the jobs that the walk had not
/// yielded before. Immutable and thread-safe.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class JobPage
{
    /// <summary>The jobs of the page; empty if there are none, never null.</summary>
    [JsonPropertyName("jobs")]
    public required IReadOnlyList<Job> Jobs { get; init; }

    /// <summary>The requested offset: the number of jobs before the page, 0 or more.</summary>
    [JsonPropertyName("offset")]
    public long Offset { get; init; }

    /// <summary>The requested limit: the maximum number of jobs, 1 to 100.</summary>
    [JsonPropertyName("limit")]
    public int Limit { get; init; }

    /// <summary>The server's id of the request (<c>X-Request-Id</c>), for the support of the service; null if the server sent none.</summary>
    [JsonPropertyName("requestId")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestId { get; init; }

    /// <summary>The trace id that was sent with the request (<c>X-Traceid</c>, 58 characters); null on a fake page.</summary>
    [JsonPropertyName("traceId")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>The position after this page, from which <see cref="JobListing.AsPages"/> resumes; null on a page of <see cref="JobsClient.GetPageAsync"/>.</summary>
    [JsonPropertyName("resumePoint")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResumePoint
    {
        get => field ??= FormatResumePoint?.Invoke();
        init;
    }

    /// <summary>Returns the number of jobs, the offset and the limit in one line, for logs and debuggers.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Jobs.Count} jobs at offset {Offset}, limit {Limit}");

    /// <summary>Creates the resume point when it is read, because most pages are never resumed from.</summary>
    internal Func<string>? FormatResumePoint { get; init; }

    /// <summary>How many of the first jobs are listed before jobs of earlier pages: they were inserted meanwhile, or times step back.</summary>
    internal int LateJobCount { get; init; }

    /// <summary>Identifies the content if the request required it and every field is valid; otherwise null. A page that the caller already has contains no jobs.</summary>
    internal PageFingerprint? Fingerprint { get; set; }

    /// <summary>The number of jobs of the response, also for a page without jobs because the caller already has it.</summary>
    internal int JobCount => Fingerprint?.JobCount ?? Jobs.Count;

    /// <summary>The fields that had invalid values in some jobs; usually empty.</summary>
    internal IReadOnlyList<InvalidField> InvalidFields { get; init; } = [];
}
