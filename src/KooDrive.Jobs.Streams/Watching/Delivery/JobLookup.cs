namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>Asks for a job that the retained state does not have. Compared by reference: whoever asks later needs an answer of its own.</summary>
internal sealed class JobLookup(string taskId)
{
    public string TaskId => taskId;

    /// <summary>When it was first requested, by the watch's monotonic clock. Belongs to the lock of <see cref="JobLookups"/>.</summary>
    public TimeSpan? RequestedAt { get; set; }

    /// <summary>Whether the job has been found before, so that its absence needs no grace period. Belongs to the lock of <see cref="JobLookups"/>.</summary>
    public bool WasFound { get; set; }

    /// <summary>Nobody wants the answer any more, asked or not. Belongs to the lock of <see cref="JobLookups"/>.</summary>
    public bool IsWithdrawn { get; set; }
}
