using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams;

/// <summary>The front door: reads the batch jobs of a KooDrive account.</summary>
public class JobsClient : IDisposable
{
    /// <summary>For fakes in users' tests.</summary>
    protected JobsClient()
    {
    }

    /// <summary>A client with an HttpClient of its own.</summary>
    public JobsClient(JobsClientOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null) => throw new NotImplementedException();

    /// <summary>A client around a caller's HttpClient.</summary>
    public JobsClient(HttpClient httpClient, JobsClientOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null) => throw new NotImplementedException();

    /// <summary>One page, as the server answers it.</summary>
    public virtual Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Every job.</summary>
    public virtual JobListing ListJobs(JobQuery? query = null, JobListingOptions? options = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes the HttpClient that this client made; never one that it was given.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
