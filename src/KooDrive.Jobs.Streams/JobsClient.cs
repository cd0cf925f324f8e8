using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Http;
using KooDrive.Jobs.Streams.Http.Client;
using KooDrive.Jobs.Streams.Listing;
using KooDrive.Jobs.Streams.Model;
using KooDrive.Jobs.Streams.Watching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KooDrive.Jobs.Streams;

/// <summary>Reads the batch jobs of a KooDrive account.</summary>
/// <remarks>
/// Thread-safe and long-lived: create one client and keep it. The members are virtual, and the protected constructor creates a client without a server, so that
/// tests can use a fake.
/// </remarks>
/// <example>
/// <code>
/// var options = new JobsClientOptions
/// {
///     Endpoint = new Uri("https://intl.myhuaweicloud-koodrive.com"),
///     UserId = "1505084218764547200",
/// };
/// using var client = new JobsClient(options, new AccessTokenCredential(token));
///
/// await foreach (Job job in client.ListJobs(new JobQuery { Type = JobType.BatchDeletion }))
/// {
///     Console.WriteLine($"{job.TaskId} {job.Status} {job.Result}");
/// }
/// </code>
/// </example>
public class JobsClient : IDisposable
{
    private const int MaxJobsPerPage = 100;

    private readonly PageSource? _pages;
    private readonly bool _ownsChannel;
    private readonly ILoggerFactory _loggerFactory = NullLoggerFactory.Instance;
    private volatile bool _disposed;

    /// <summary>Creates a client without a server, for fakes.</summary>
    /// <remarks>Members that the fake does not override and that require a server throw a <see cref="NotSupportedException"/>.</remarks>
    protected JobsClient()
    {
    }

    /// <summary>Creates a client.</summary>
    /// <param name="options">The service and how requests are sent. Later changes have no effect.</param>
    /// <param name="credential">Authorizes the requests.</param>
    /// <param name="services">
    /// The HttpClient or its handler, the rate limiter, the clock and the loggers; null (the default) means the defaults. Without
    /// <see cref="JobsClientServices.HttpClient"/>, the client creates an HttpClient with retries and disposes it.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="credential"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="services"/> has both an HttpClient and a handler.</exception>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    public JobsClient(JobsClientOptions options, JobsCredential credential, JobsClientServices? services = null)
        : this(
            options,
            credential,
            services ?? new JobsClientServices(),
            ownsHttpClient: services?.HttpClient is null,
            JobsInstruments.Shared,
            name: null)
    {
    }

    /// <summary>Creates a client, which adds retries to an HttpClient that it owns, and disposes it.</summary>
    internal JobsClient(
        JobsClientOptions options,
        JobsCredential credential,
        JobsClientServices services,
        bool ownsHttpClient,
        JobsInstruments instruments,
        string? name)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(credential);
        if (services is { HttpClient: not null, HttpHandler: not null })
        {
            throw new ArgumentException(
                $"{nameof(JobsClientServices.HttpClient)} and {nameof(JobsClientServices.HttpHandler)} are both set: set one of them.", nameof(services));
        }

        JobsClientOptions own = options.Validated(nameof(options));
        Telemetry = new ClientTelemetry(instruments, own.Endpoint, name);
        _loggerFactory = services.LoggerFactory;
        var channel = new ServerChannel(
            services.HttpClient
                ?? (services.HttpHandler is { } handler ? ConnectionPool.CreateClient(handler) : ConnectionPool.CreateClient(own.ConnectionLifetime)),
            ownsHttpClient,
            own,
            services.RateLimiter,
            services.TimeProvider,
            _loggerFactory.CreateLogger<JobsClient>(),
            Telemetry)
        {
            OnPaused = services.OnPaused,
        };
        _pages = new PageSource(channel, own.UserId!, credential);
        _ownsChannel = true;
    }

    /// <summary>Creates a client for another user, which shares the channel of a client.</summary>
    private JobsClient(JobsClient origin, PageSource pages)
    {
        Telemetry = origin.Telemetry;
        _loggerFactory = origin._loggerFactory;
        _pages = pages;
    }

    /// <summary>The traces and metrics of this client, its listings and its watches.</summary>
    internal ClientTelemetry Telemetry { get; init; } = ClientTelemetry.None;

    /// <summary>Creates a client for another user of the same service, which shares everything except the user with this client.</summary>
    /// <param name="userId">The user's id on KooDrive (<see cref="JobsClientOptions.UserId"/>).</param>
    /// <param name="credential">Authorizes the requests of the user. Users may share a credential.</param>
    /// <returns>
    /// The client. It shares the options, services and connections of this client, the retry budget, the request rate, the pauses that the server requests, and
    /// the correction of the clock. A client is small and opens no connection of its own, so one process can have a client for each of many thousands of users.
    /// </returns>
    /// <remarks>
    /// <para>
    /// The connections belong to the client that was created with the constructor or by a container. Disposing a client for another user ends only that client:
    /// its requests in flight complete, and the connections stay open. Disposal is optional, because such a client holds no resources. Disposing the client that
    /// owns the connections ends all clients that share them, whose requests then throw an <see cref="ObjectDisposedException"/>.
    /// </para>
    /// <para>Clients that share connections have the same tags in traces and metrics, because the number of users is not bounded.</para>
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="userId"/> is null, empty, or not valid in a header.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="credential"/> is null.</exception>
    /// <exception cref="NotSupportedException">This client is a fake, which has no server.</exception>
    /// <exception cref="ObjectDisposedException">This client, or the client that owns the connections, is disposed.</exception>
    /// <example>
    /// <code>
    /// using JobsClient alice = new(options, new AccessTokenCredential(aliceToken));
    /// JobsClient bob = alice.ForUser("1505084218764547201", new AccessTokenCredential(bobToken));
    /// </code>
    /// </example>
    public virtual JobsClient ForUser(string userId, JobsCredential credential)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentNullException.ThrowIfNull(credential);
        if (!HeaderText.IsValue(userId))
        {
            throw new ArgumentException($"The user id {HeaderText.Rule}.", nameof(userId));
        }

        ThrowIfDisposed();
        return _pages is null
            ? throw new NotSupportedException($"This client has no server. Override {nameof(ForUser)} in the fake.")
            : new JobsClient(this, new PageSource(_pages.Channel, userId, credential));
    }

    /// <summary>Gets one page of the list.</summary>
    /// <remarks>
    /// Most callers need <see cref="ListJobs"/>, which stays correct while the list changes; consecutive pages of this method can repeat or miss jobs.
    /// After a response of HTTP 429 or 503 with <c>Retry-After</c>, every request of this client waits until that time has passed, up to
    /// <see cref="JobsClientOptions.MaxRetryDelay"/>. The wait counts toward <see cref="JobsClientOptions.RequestTimeout"/>.
    /// </remarks>
    /// <param name="query">The filters.</param>
    /// <param name="offset">The number of jobs to skip, 0 or more.</param>
    /// <param name="limit">The maximum number of jobs, 1 to 100.</param>
    /// <param name="cancellationToken">Ends the request, including the delay before a retry, with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The page. It has fewer jobs than <paramref name="limit"/>, or none, at the end of the list and if the server caps the limit.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> or <paramref name="limit"/> is out of range. No request is sent.</exception>
    /// <exception cref="JobsException">The request failed. <see cref="JobsException.IsTransient"/> says whether a later request may succeed.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public virtual Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxJobsPerPage);
        ThrowIfDisposed();
        return _pages is null
            ? throw new NotSupportedException($"This client has no server. Override {nameof(GetPageAsync)} in the fake.")
            : _pages.GetPageAsync(query, offset, limit, cancellationToken);
    }

    /// <summary>Lists the jobs that match a query, each exactly once, even if the list changes while it is read.</summary>
    /// <param name="query">The filters; null for all jobs.</param>
    /// <param name="options">How the list is read; null for the defaults. Later changes have no effect.</param>
    /// <param name="progress">Receives the progress after each page, on the thread that read the page; null for none.</param>
    /// <returns>A cold listing: no request is sent before the listing is enumerated, and each enumeration is a separate walk.</returns>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    public virtual JobListing ListJobs(
        JobQuery? query = null, JobListingOptions? options = null, IProgress<JobListingProgress>? progress = null) =>
        new ServerJobListing(
            GetPageAsync, query ?? JobQuery.All, (options ?? new JobListingOptions()).Validated(nameof(options)), Telemetry, progress);

    /// <summary>Creates a watch, which publishes the changes of the jobs until it is disposed.</summary>
    /// <param name="options">When to poll and what to keep; null for the defaults. Later changes have no effect.</param>
    /// <param name="services">The scheduler and the policy for errors; null for the defaults.</param>
    /// <returns>The watch, which sends no request before its first subscription.</returns>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    public virtual JobWatch WatchJobs(JobWatchOptions? options = null, JobWatchServices? services = null) => new(WatchEngine.Create(
        GetPageAsync,
        GetTopPageAsync,
        query => ListJobs(query),
        (options ?? new JobWatchOptions()).Validated(nameof(options)),
        services ?? new JobWatchServices(),
        _loggerFactory.CreateLogger<JobWatch>(),
        Telemetry));

    // The pages of a derived client can differ from the responses, so their jobs are always read.
    private Task<JobPage> GetTopPageAsync(JobQuery query, int limit, PageFingerprint previous, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _pages is not null && GetType() == typeof(JobsClient)
            ? _pages.GetPageAsync(query, offset: 0, limit, cancellationToken, previous)
            : GetPageAsync(query, offset: 0, limit, cancellationToken);
    }

    /// <summary>Searches the list for a job.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="cancellationToken">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The job; null if the list does not have it.</returns>
    /// <remarks>The API has no request for one job. The list is read page by page, from the newest job, until the job is found.</remarks>
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

    /// <summary>Waits until a job has finished, with any result.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The finished job.</returns>
    /// <remarks>
    /// The wait has a watch of its own, which is disposed when the wait ends. To wait for several jobs, or more than once, create one watch
    /// (<see cref="WatchJobs"/>) and use its method of the same name, so that all waits share its polls. Transient failures do not end the wait.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="JobNotFoundException">The list does not have the job, or the job vanished from the list.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public virtual Task<Job> WaitForFinishAsync(string taskId, CancellationToken cancellationToken = default) =>
        WaitForFinishAsync(taskId, Timeout.InfiniteTimeSpan, options: null, services: null, cancellationToken);

    /// <summary>Waits until a job has finished, with any result, or until a timeout elapses.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="timeout">The timeout, 0 to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The finished job.</returns>
    /// <remarks>The wait has a watch of its own, which is disposed when the wait ends. Transient failures do not end the wait.</remarks>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of range.</exception>
    /// <exception cref="TimeoutException">The job did not finish before the timeout.</exception>
    /// <exception cref="JobNotFoundException">The list does not have the job, or the job vanished from the list.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public virtual Task<Job> WaitForFinishAsync(string taskId, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitForFinishAsync(taskId, timeout, options: null, services: null, cancellationToken);

    /// <summary>Waits until a job has finished, with any result, or until a timeout elapses, and polls with the given options.</summary>
    /// <param name="taskId">The task id.</param>
    /// <param name="timeout">The timeout, measured by the scheduler, 0 to 24 days, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="options">How to poll; null for the defaults. With a type filter, jobs of other types are not found.</param>
    /// <param name="services">The scheduler of the wait and the policy for errors; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The finished job.</returns>
    /// <remarks>The wait has a watch of its own, which is disposed when the wait ends. Transient failures do not end the wait.</remarks>
    /// <exception cref="ArgumentException"><paramref name="taskId"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of range.</exception>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    /// <exception cref="TimeoutException">The job did not finish before the timeout.</exception>
    /// <exception cref="JobNotFoundException">The list does not have the job, or the job vanished from the list.</exception>
    /// <exception cref="JobsException">The watch failed with a non-transient error.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public virtual Task<Job> WaitForFinishAsync(
        string taskId, TimeSpan timeout, JobWatchOptions? options, JobWatchServices? services = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        JobWatch watch = WatchJobs(options, services);
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
    /// Disposes the HttpClient that this client created, which ends requests in flight with an <see cref="ObjectDisposedException"/>, also those of the clients
    /// for other users (<see cref="ForUser"/>).
    /// </summary>
    /// <param name="disposing">True if <see cref="Dispose()"/> calls; false if a finalizer calls.</param>
    /// <remarks>A caller-supplied HttpClient or handler is not disposed. A client that <see cref="ForUser"/> created disposes nothing.</remarks>
    protected virtual void Dispose(bool disposing)
    {
        _disposed = true;
        if (disposing && _ownsChannel)
        {
            _pages?.Channel.Dispose();
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed || _pages?.Channel.IsDisposed == true, this);
}
