using System.Net;
using System.Runtime.CompilerServices;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Model;
using Microsoft.Extensions.Logging;
using Polly.Timeout;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Gets pages from the server: attempts, recovery from rejections, retries and timeouts.</summary>
internal sealed class PageSource : IDisposable
{
    // The public type that the caller disposed.
    private const string ObjectName = "JobsClient";

    private readonly HttpClient _httpClient;
    private readonly bool _isOwn;
    private readonly PageExchange _exchange;
    private readonly RequestResilience _resilience;
    private readonly RequestPause _pause;
    private readonly JobsCredential _credential;
    private readonly TimeSpan _attemptTimeout;
    private readonly TimeSpan _requestTimeout;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ClientTelemetry _telemetry;
    private volatile bool _disposed;

    /// <param name="httpClient">Sends the requests.</param>
    /// <param name="isOwn">Whether the HttpClient belongs to the library: retries are added, and the HttpClient is disposed with this object.</param>
    /// <param name="options">The service and how requests are sent.</param>
    /// <param name="credential">Authorizes the requests.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">The log of retries and failures.</param>
    /// <param name="telemetry">The traces and metrics of pages.</param>
    public PageSource(
        HttpClient httpClient,
        bool isOwn,
        JobsClientOptions options,
        JobsCredential credential,
        TimeProvider timeProvider,
        ILogger logger,
        ClientTelemetry telemetry)
    {
        _httpClient = httpClient;
        _isOwn = isOwn;
        _exchange = new PageExchange(httpClient, options, new ServerClock(timeProvider));
        _resilience = isOwn
            ? RequestResilience.WithRetries(options, timeProvider, logger, telemetry)
            : RequestResilience.WithoutRetries(options, timeProvider);
        _pause = new RequestPause(timeProvider, options.MaxRetryDelay);
        _credential = credential;
        _attemptTimeout = options.AttemptTimeout;
        _requestTimeout = options.RequestTimeout;
        _timeProvider = timeProvider;
        _logger = logger;
        _telemetry = telemetry;
    }

    /// <summary>Gets a page.</summary>
    /// <param name="query">The filters.</param>
    /// <param name="offset">The number of jobs to skip.</param>
    /// <param name="limit">The maximum number of jobs.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <param name="known">The response that the caller knows, whose jobs are not read again; null to read any response, without a fingerprint.</param>
    public Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken, PageFingerprint? known = null)
    {
        PageRequest request = _exchange.CreateRequest(query, offset, limit, known);
        return _telemetry.MeasuresPages ? MeasureAsync(request, cancellationToken) : GetAsync(request, cancellationToken);
    }

    /// <summary>Ends the requests in flight, if the HttpClient belongs to the library.</summary>
    public void Dispose()
    {
        _disposed = true;
        if (_isOwn)
        {
            _httpClient.Dispose();
        }
    }

    private async Task<JobPage> MeasureAsync(PageRequest request, CancellationToken cancellationToken)
    {
        using var measurement = new PageMeasurement(_telemetry, _timeProvider, request);
        try
        {
            JobPage page = await GetAsync(request, cancellationToken).ConfigureAwait(false);
            measurement.Complete(page);
            return page;
        }
        catch (JobsException e)
        {
            measurement.Fail(e);
            throw;
        }
    }

    private async Task<JobPage> GetAsync(PageRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _resilience.RequestAsync(
                static (state, token) => state.Source.TryAsync(state.Request, token),
                (Source: this, Request: request),
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw request.IsPaused
                ? new JobsThrottledException(FailureText.Paused(_requestTimeout, request.Facts), request.Facts, request.LastFailure ?? (Exception)e)
                {
                    RetryAfter = _pause.Remaining,
                }
                : new JobsConnectionException(
                    FailureText.TimedOut(nameof(JobsClientOptions.RequestTimeout), _requestTimeout, request.Facts),
                    request.Facts,
                    request.LastFailure ?? (Exception)e);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested && e.CancellationToken != cancellationToken)
        {
            // The exception carries the token of the caller, not that of the pipeline.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JobPage> TryAsync(PageRequest request, CancellationToken cancellationToken)
    {
        // A caller's HttpClient may outlive this client, and so may its requests in flight.
        if (_disposed && _isOwn)
        {
            throw Disposed();
        }

        try
        {
            while (true)
            {
                await WaitForPauseAsync(request, cancellationToken).ConfigureAwait(false);
                RequestAuthorization authorization = await AuthorizeAsync(request, cancellationToken).ConfigureAwait(false);
                try
                {
                    JobPage page = await SendAsync(request, authorization, cancellationToken).ConfigureAwait(false);
                    Report(page.InvalidFields, request);
                    return page;
                }
                catch (JobsAuthenticationException e) when (e.StatusCode is HttpStatusCode.Unauthorized && TryRecover(request, authorization))
                {
                    _telemetry.PageRetried(e);
                }
            }
        }
        catch (JobsConnectionException) when (_disposed && _isOwn)
        {
            throw Disposed();
        }
        catch (JobsException e)
        {
            request.LastFailure = e;
            PauseFor(e);
            if (e is JobsAuthenticationException or JobsRequestException)
            {
                Log.RequestRejected(_logger, request.Offset, e.Message);
            }

            throw;
        }
    }

    private void Report(IReadOnlyList<InvalidField> fields, PageRequest request)
    {
        foreach (InvalidField field in fields)
        {
            _telemetry.FieldInvalid(field);
            if (InvalidFieldReport.Current is { } report)
            {
                report.Add(field);
            }
            else
            {
                Log.InvalidField(_logger, field.Name, field.Count, request.Offset, field.TaskId);
            }
        }
    }

    private ValueTask WaitForPauseAsync(PageRequest request, CancellationToken cancellationToken)
    {
        return _pause.Remaining > TimeSpan.Zero ? WaitAsync() : ValueTask.CompletedTask;

        async ValueTask WaitAsync()
        {
            request.IsPaused = true;
            await _pause.WaitAsync(cancellationToken).ConfigureAwait(false);
            request.IsPaused = false;
        }
    }

    // Retry-After with 429 or 503 applies to the server, and so to all requests; with other codes it applies to the resource.
    private void PauseFor(JobsException failure)
    {
        if (failure is { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, RetryAfter: { } retryAfter }
            && _pause.Extend(retryAfter) is { } pause)
        {
            Log.Paused(_logger, pause.TotalSeconds, retryAfter.TotalSeconds);
        }
    }

    private async ValueTask<RequestAuthorization> AuthorizeAsync(PageRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _credential.GetAuthorizationAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not JobsException)
        {
            // A provider is user code and may throw anything.
            cancellationToken.ThrowIfCancellationRequested();
            throw ProviderFailure.From(e, request.Facts);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JobPage> SendAsync(PageRequest request, RequestAuthorization authorization, CancellationToken cancellationToken)
    {
        request.AttemptCount++;
        try
        {
            return await _resilience.AttemptAsync(
                static (state, token) => state.Exchange.SendAsync(state.Request, state.Authorization, token),
                (Exchange: _exchange, Request: request, Authorization: authorization),
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException e)
        {
            throw new JobsConnectionException(
                FailureText.TimedOut(nameof(JobsClientOptions.AttemptTimeout), _attemptTimeout, request.Facts), request.Facts, e);
        }
    }

    /// <summary>
    /// Prepares another attempt after a 401. A wrong clock causes the same response as wrong credentials and is cheaper to correct, so the clock comes first.
    /// A correction that does not help is undone before the credentials are renewed, because the Date that suggested it may be that of a proxy.
    /// </summary>
    private bool TryRecover(PageRequest request, RequestAuthorization rejected)
    {
        if (request.SuggestedCorrection is { } correction && !request.HasTriedCorrection)
        {
            request.TriedCorrection = correction;
            request.HasTriedCorrection = true;
            Log.ClockCorrected(_logger, correction.Ahead.TotalSeconds, request.Offset);
            return true;
        }

        request.TriedCorrection = null;
        if (!request.HasTriedRenewedCredential && _credential.Reject(rejected))
        {
            // Both may have been wrong: the clock may be corrected again with the new credentials.
            request.HasTriedCorrection = false;
            request.HasTriedRenewedCredential = true;
            Log.RenewingCredential(_logger, request.Offset);
            return true;
        }

        return false;
    }

    private static ObjectDisposedException Disposed() => new(ObjectName);
}
