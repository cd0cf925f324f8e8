namespace KooDrive.Jobs.Streams;

/// <summary>Every job that matches a query, exactly once, while the list changes.</summary>
public class JobListing : IAsyncEnumerable<Job>
{
    /// <inheritdoc/>
    public virtual IAsyncEnumerator<Job> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The same walk, page by page.</summary>
    /// <param name="resumePoint">Where an earlier walk of the same query stopped; null to begin at the start.</param>
    public virtual IAsyncEnumerable<JobPage> AsPages(string? resumePoint = null) => throw new NotImplementedException();
}
