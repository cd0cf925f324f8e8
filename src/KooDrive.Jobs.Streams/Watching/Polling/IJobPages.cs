namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>The list as a poll reads it.</summary>
internal interface IJobPages
{
    /// <summary>The requests sent so far, in all polls.</summary>
    public long Requests { get; }

    /// <summary>The jobs received so far, in all polls.</summary>
    public long Jobs { get; }

    /// <summary>One page, as the server answers it.</summary>
    /// <param name="offset">How many jobs to skip, 0 or more.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken);

    /// <summary>The list from its top, page by page, each job once while the list changes: the pages of <see cref="JobListing.AsPages"/>. Reads no further than it is enumerated.</summary>
    /// <param name="status">Only jobs in this status; null for all.</param>
    /// <param name="first">The first page, where it was read already; null to read it.</param>
    public IAsyncEnumerable<JobPage> Walk(JobStatus? status, JobPage? first = null);
}
