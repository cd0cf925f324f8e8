using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams;

/// <summary>One page of jobs, in the server's order.</summary>
/// <remarks>
/// From <see cref="JobsClient.GetPageAsync"/>: what the server answered, as it came. From <see cref="JobListing.AsPages"/>: only the
/// jobs that the walk had not yielded before. Immutable and safe to share between threads.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class JobPage
{
    /// <summary>The jobs; never null, empty when the page has none.</summary>
    [JsonPropertyName("jobs")]
    public required IReadOnlyList<Job> Jobs { get; init; }

    /// <summary>The offset that was asked for: how many jobs the server skipped, 0 or more.</summary>
    [JsonPropertyName("offset")]
    public long Offset { get; init; }

    /// <summary>The limit that was asked for, 1-100.</summary>
    [JsonPropertyName("limit")]
    public int Limit { get; init; }

    /// <summary>The server's id of the request (<c>X-Request-Id</c>), where it sent one: quote it to the server's support.</summary>
    [JsonPropertyName("requestId")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestId { get; init; }

    /// <summary>The trace id that was sent with the request (<c>X-Traceid</c>, 58 characters).</summary>
    [JsonPropertyName("traceId")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    /// <summary>
    /// Where a listing goes on behind this page: text for <see cref="JobListing.AsPages"/>. Null on a page that was fetched alone.
    /// </summary>
    [JsonPropertyName("resumePoint")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResumePoint
    {
        get => field ??= FormatResumePoint?.Invoke();
        init;
    }

    /// <summary>Returns a line for logs and debuggers: the number of jobs, the offset and the limit.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Jobs.Count} jobs at offset {Offset}, limit {Limit}");

    /// <summary>Makes the resume point when it is asked for: most pages are never resumed from.</summary>
    internal Func<string>? FormatResumePoint { get; init; }

    /// <summary>The fields of its jobs that had invalid values; empty for nearly every page.</summary>
    internal IReadOnlyList<InvalidField> InvalidFields { get; init; } = [];
}
