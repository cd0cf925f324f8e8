namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>The request for a job that is not in the snapshot. Compared by reference: each caller receives its own result.</summary>
internal sealed class JobLookup(string taskId)
{
    public string TaskId => taskId;

    /// <summary>The time of the first request, by the watch's monotonic clock. Belongs to the lock of <see cref="JobLookups"/>.</summary>
    public TimeSpan? RequestedAt { get; set; }

    /// <summary>Whether the job has been found before, so that its absence needs no grace period. Belongs to the lock of <see cref="JobLookups"/>.</summary>
    public bool WasFound { get; set; }

    /// <summary>Whether the caller no longer needs the result. Belongs to the lock of <see cref="JobLookups"/>.</summary>
    public bool IsCanceled { get; set; }
}

/// <summary>The result of a <see cref="JobLookup"/> after a walk over the whole list. Never leaves the library.</summary>
internal sealed record JobLookupResult : JobEvent
{
    public required JobLookup Lookup { get; init; }

    /// <summary>The job; null when it is not on the list.</summary>
    public required Job? Job { get; init; }

    /// <summary>No kind: the event is never published.</summary>
    private protected override JobEventKind KindCore => default;
}
