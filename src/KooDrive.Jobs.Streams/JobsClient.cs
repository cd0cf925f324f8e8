using System.Reactive.Concurrency;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KooDrive.Jobs.Streams;

/// <summary>The front door: reads the batch jobs of a KooDrive account.</summary>
/// <remarks>
/// Safe for use by many threads at once, and meant to live long: make one and keep it. Members are virtual and a protected constructor
/// makes a client without a server, so that tests can put a fake in its place.
/// </remarks>
/// <example>
/// <code>
/// using var client = new JobsClient(new JobsClientOptions
/// {
///     Endpoint = new Uri("https://intl.myhuaweicloud-koodrive.com"),
///     UserId = "1505084218764547200",
///     Credential = new AccessTokenCredential(token),
/// });
///
/// await foreach (Job job in client.ListJobs(new JobQuery { Type = JobType.BatchDeletion }))
/// {
///     Console.WriteLine($"{job.TaskId} {job.Status} {job.Result}");
/// }
/// </code>
/// </example>
public class JobsClient : IDisposable
{
    private const int MostJobsPerPage = 100;

    private readonly PageSource? _pages;
    private readonly ILoggerFactory _loggerFactory = NullLoggerFactory.Instance;
    private volatile bool _disposed;

    /// <summary>A client without a server, for fakes that override what their tests use. The rest throws.</summary>
    protected JobsClient()
    {
    }

    /// <summary>A client with connections, retries and timeouts of its own, as the options say. Redirects are not followed.</summary>
    /// <param name="options">Where the service is and who asks.</param>
    /// <param name="timeProvider">The clock of <c>X-Date</c>, waits and timeouts; null for the system's.</param>
    /// <param name="loggerFactory">Where retries, renewed credentials and corrected clocks are logged; null for nowhere.</param>
    /// <exception cref="JobsOptionsException">The options cannot work; it says everything that is wrong with them.</exception>
    public JobsClient(JobsClientOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
        : this(ConnectionPool.CreateClient(Validated(options).ConnectionLifetime), isOwn: true, options, timeProvider, loggerFactory)
    {
    }

    /// <summary>A client around a caller's HttpClient, which is neither changed nor disposed.</summary>
    /// <param name="httpClient">
    /// Sends the requests. Retries and connections are its own; what the options say about them is not used. The timeouts of the options apply,
    /// beside the HttpClient's, because its own does not cover the body: <see cref="JobsClientOptions.AttemptTimeout"/> covers one call of it, its
    /// retries included. It should not follow redirects: an answer from another host is refused, but by then the request was sent there. The address of a proxy of its own should
    /// have no password in it, because .NET's own spans show it: set the proxy's credentials instead.
    /// </param>
    /// <param name="options">Where the service is and who asks.</param>
    /// <param name="timeProvider">The clock of <c>X-Date</c>, waits and timeouts; null for the system's.</param>
    /// <param name="loggerFactory">Where renewed credentials and corrected clocks are logged; null for nowhere.</param>
    /// <exception cref="JobsOptionsException">The options cannot work; it says everything that is wrong with them.</exception>
    public JobsClient(HttpClient httpClient, JobsClientOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
        : this(httpClient, isOwn: false, options, timeProvider, loggerFactory)
    {
    }

    /// <summary>A client around an HttpClient; an own one is given retries and timeouts, and is disposed with the client.</summary>
    internal JobsClient(
        HttpClient httpClient,
        bool isOwn,
        JobsClientOptions options,
        TimeProvider? timeProvider,
        ILoggerFactory? loggerFactory,
        JobsInstruments? instruments = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        JobsClientOptions own = Validated(options);
        Telemetry = new ClientTelemetry(instruments ?? JobsInstruments.Shared, own.Endpoint, name);
        _loggerFactory = loggerFactory ?? _loggerFactory;
        _pages = new PageSource(
            httpClient, isOwn, own, timeProvider ?? TimeProvider.System, _loggerFactory.CreateLogger<JobsClient>(), Telemetry);
    }

    /// <summary>Told what this client and its listings and watches do.</summary>
    internal ClientTelemetry Telemetry { get; init; } = ClientTelemetry.None;

    /// <summary>One page, as the server answers it. Most callers want <see cref="ListJobs"/>, which stays right while the list changes.</summary>
    /// <remarks>
    /// After a response of HTTP 429 or 503 with <c>Retry-After</c>, every request of this client waits until that time has passed, up to
    /// <see cref="JobsClientOptions.MaxRetryDelay"/>. The wait counts towards <see cref="JobsClientOptions.RequestTimeout"/>.
    /// </remarks>
    /// <param name="query">Which jobs.</param>
    /// <param name="offset">How many of them to skip, 0 or more.</param>
    /// <param name="limit">The most to return, 1-100.</param>
    /// <param name="cancellationToken">Ends the request, and any wait before a retry, with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The page; with fewer jobs than asked for, or none, at the end of the list or when the server gives no more at a time.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> or <paramref name="limit"/> is out of range; nothing was sent.</exception>
    /// <exception cref="JobsException">The request failed; the type says how, and <see cref="JobsException.IsTransient"/> whether it may pass.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public virtual Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostJobsPerPage);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _pages is null
            ? throw new InvalidOperationException($"This client was made without a server: override {nameof(GetPageAsync)}.")
            : _pages.GetPageAsync(query, offset, limit, cancellationToken);
    }

    /// <summary>The jobs that match a query, each exactly once, although the list changes while it is read.</summary>
    /// <param name="query">Which jobs; null for all.</param>
    /// <param name="options">How to walk the list; null for the defaults.</param>
    /// <returns>A cold listing: nothing is requested before it is enumerated, and each enumeration is a walk of its own.</returns>
    public virtual JobListing ListJobs(JobQuery? query = null, JobListingOptions? options = null) =>
        new ServerJobListing(GetPageAsync, query ?? JobQuery.All, options ?? new JobListingOptions(), Telemetry);

    /// <summary>What happens to the jobs. Nothing is requested before somebody subscribes to the watch; dispose of it when it is done.</summary>
    /// <param name="options">How to poll and what to keep; null for the defaults. Later changes of it have no effect.</param>
    /// <param name="scheduler">
    /// The clock of the watch, and where it waits and calls observers; null for timers and the thread pool. It must not run what it is given before
    /// <c>Schedule</c> returns, as the immediate scheduler does.
    /// </param>
    /// <exception cref="JobsOptionsException">The options cannot work; it says everything that is wrong with them.</exception>
    public virtual JobWatch WatchJobs(JobWatchOptions? options = null, IScheduler? scheduler = null) => new(WatchEngine.Create(
        GetPageAsync,
        query => ListJobs(query),
        (options ?? new JobWatchOptions()).Validated(),
        scheduler ?? DefaultScheduler.Instance,
        _loggerFactory.CreateLogger<JobWatch>(),
        Telemetry));

    /// <summary>Searches the list for a job.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="cancellationToken">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The job; null if the list does not have it.</returns>
    /// <remarks>The API has no request for one job: the list is read from its newest job on, page by page, until the job is found.</remarks>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="JobsException">A request failed, or the list changed in a way that leaves the result uncertain.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public virtual Task<Job?> FindJobAsync(string taskId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return FindAsync();

        async Task<Job?> FindAsync()
        {
            await foreach (Job job in ListJobs().WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (job.TaskId == taskId)
                {
                    return job;
                }
            }

            return null;
        }
    }

    /// <summary>Waits until a job has finished, with whatever result.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The finished job.</returns>
    /// <remarks>
    /// For callers who have one job. The wait has a watch of its own, which is disposed when the wait ends; to wait for several jobs, or more than once, create
    /// one watch (<see cref="WatchJobs"/>) and use its method of the same name, so that all waits share its polls. Transient failures do not end the wait.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="JobNotFoundException">The list does not have the job, or it vanished.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual Task<Job> WaitForFinishAsync(string taskId, CancellationToken cancellationToken = default) =>
        WaitForFinishAsync(taskId, Timeout.InfiniteTimeSpan, options: null, scheduler: null, cancellationToken);

    /// <summary>Waits until a job has finished, with whatever result, but no longer than a timeout.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="timeout">The longest wait: 0 to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The finished job.</returns>
    /// <remarks>The wait has a watch of its own, which is disposed when the wait ends. Transient failures do not end the wait.</remarks>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of range.</exception>
    /// <exception cref="TimeoutException">The job had not finished in time.</exception>
    /// <exception cref="JobNotFoundException">The list does not have the job, or it vanished.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual Task<Job> WaitForFinishAsync(string taskId, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitForFinishAsync(taskId, timeout, options: null, scheduler: null, cancellationToken);

    /// <summary>Waits until a job has finished, with whatever result, but no longer than a timeout, and polls as the options say.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="timeout">The longest wait, by the scheduler: 0 to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="options">How to poll; null for the defaults. With a type filter, jobs of other types are not found.</param>
    /// <param name="scheduler">The clock of the wait; null for the system's. See <see cref="WatchJobs"/>.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The finished job.</returns>
    /// <remarks>The wait has a watch of its own, which is disposed when the wait ends. Transient failures do not end the wait.</remarks>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of range.</exception>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    /// <exception cref="TimeoutException">The job had not finished in time.</exception>
    /// <exception cref="JobNotFoundException">The list does not have the job, or it vanished.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    public virtual Task<Job> WaitForFinishAsync(
        string taskId, TimeSpan timeout, JobWatchOptions? options, IScheduler? scheduler = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        JobWatch watch = WatchJobs(options, scheduler);
        return WaitAsync();

        async Task<Job> WaitAsync()
        {
            await using (watch.ConfigureAwait(false))
            {
                return await watch.WaitForFinishAsync(taskId, timeout, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Disposes the HttpClient that this client made, which ends requests under way with an <see cref="ObjectDisposedException"/>; never one
    /// that it was given.
    /// </summary>
    /// <param name="disposing">True from <see cref="Dispose()"/>, false from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        _disposed = true;
        if (disposing)
        {
            _pages?.Dispose();
        }
    }

    private static JobsClientOptions Validated(JobsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JobsClientOptions own = options.Copy();
        JobsClientOptionsValidator.ThrowIfInvalid(own, nameof(options));
        return own;
    }
}
