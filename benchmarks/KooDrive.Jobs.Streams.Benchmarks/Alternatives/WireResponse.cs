using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The response as a model for general JSON readers: every member that the library reads, with the same types.</summary>
public sealed class WireResponse
{
    public int Code { get; init; }

    public string? Msg { get; init; }

    public List<WireJob>? Data { get; init; }
}

public sealed class WireJob
{
    public string TaskId { get; init; } = "";

    public JobType? TaskType { get; init; }

    public JobAction? ActionType { get; init; }

    public JobStatus? Status { get; init; }

    public JobResult? TaskResultCode { get; init; }

    public long? ResultCode { get; init; }

    public long? ContentNum { get; init; }

    public string? ContainerId { get; init; }

    public string? TenantId { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? BeginTime { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? EndTime { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? CreateTime { get; init; }

    public string? TaskName { get; init; }

    public string? UserId { get; init; }

    public int? Progress { get; init; }

    public string? DownloadUrl { get; init; }
}
