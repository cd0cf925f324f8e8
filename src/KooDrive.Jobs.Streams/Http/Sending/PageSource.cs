using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Polly.Timeout;

namespace KooDrive.Jobs.Streams;

/// <summary>Pages over the wire: attempts, what a refusal can be answered with, retries and timeouts.</summary>
internal sealed class PageSource : IDisposable
{
    private readonly HttpClient _httpClient;
    private readonly bool _isOwn;
    private readonly PageExchange _exchange;
    private readonly RequestResilience _resilience;
    private readonly JobsCredential _credential;
    private readonly TimeSpan _attemptTimeout;
    private readonly TimeSpan _requestTimeout;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ClientTelemetry _telemetry;
    private volatile bool _disposed;

    /// <param name="httpClient">Sends the requests.</param>
    /// <param name="isOwn">Whether it is the library's own, to which retries and timeouts are added and which is disposed with this.</param>
    /// <param name="options">Where the service is and who asks.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Told what is tried again and what is given up.</param>
    /// <param name="telemetry">Told how pages fare and how long they take.</param>
    public PageSource(
        HttpClient httpClient, bool isOwn, JobsClientOptions options, TimeProvider timeProvider, ILogger logger, ClientTelemetry telemetry)
    {
        _httpClient = httpClient;
        _isOwn = isOwn;
        _exchange = new PageExchange(httpClient, options, new ServerClock(timeProvider));
        _resilience = isOwn ? RequestResilience.Create(options, timeProvider, logger, telemetry) : RequestResilience.None;
        _credential = options.Credential!;
        _attemptTimeout = options.AttemptTimeout;
        _requestTimeout = options.RequestTimeout;
        _timeProvider = timeProvider;
        _logger = logger;
        _telemetry = telemetry;
    }

    public Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken)
    {
        PageRequest request = _exchange.CreateRequest(query, offset, limit);
        return _telemetry.MeasuresPages ? MeasureAsync(request, cancellationToken) : GetAsync(request, cancellationToken);
    }

    /// <summary>Ends what the own HttpClient has under way.</summary>
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
            throw new JobsConnectionException(
                FailureText.TimedOut(nameof(JobsClientOptions.RequestTimeout), _requestTimeout, request.Facts),
                request.Facts,
                request.LastFailure ?? (Exception)e);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested && e.CancellationToken != cancellationToken)
        {
            // The caller knows the caller's token, not the pipeline's.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JobPage> TryAsync(PageRequest request, CancellationToken cancellationToken)
    {
        // A caller's HttpClient may outlive this client, and what it has under way with it.
        ObjectDisposedException.ThrowIf(_disposed && _isOwn, typeof(JobsClient));
        try
        {
            while (true)
            {
                RequestAuthorization authorization = await AuthorizeAsync(request, cancellationToken).ConfigureAwait(false);
                try
                {
                    return await SendAsync(request, authorization, cancellationToken).ConfigureAwait(false);
                }
                catch (JobsAuthenticationException e) when (e.HttpStatus is HttpStatusCode.Unauthorized && CanTryAgain(request, authorization))
                {
                    _telemetry.PageRetried(e);
                }
            }
        }
        catch (JobsConnectionException) when (_disposed && _isOwn)
        {
            throw new ObjectDisposedException(nameof(JobsClient));
        }
        catch (JobsException e)
        {
            request.LastFailure = e;
            if (e is JobsAuthenticationException or JobsRequestException)
            {
                Log.RequestRefused(_logger, request.Offset, e.Message);
            }

            throw;
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
            // Providers are users' code and may throw anything.
            cancellationToken.ThrowIfCancellationRequested();
            throw ProviderFailure.From(e, request.Facts);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JobPage> SendAsync(PageRequest request, RequestAuthorization authorization, CancellationToken cancellationToken)
    {
        request.Attempts++;
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

    /// <summary>After a 401. A wrong clock looks like wrong credentials, and is the cheaper to mend: it comes first.</summary>
    private bool CanTryAgain(PageRequest request, RequestAuthorization refused)
    {
        if (request.ClockCorrection is { } correction && !request.TriedCorrectedClock)
        {
            request.TriedCorrectedClock = true;
            Log.ClockCorrected(_logger, correction.TotalSeconds, request.Offset);
            return true;
        }

        if (!request.TriedRenewedCredential && _credential.Refuse(refused))
        {
            request.TriedRenewedCredential = true;
            Log.RenewingCredential(_logger, request.Offset);
            return true;
        }

        return false;
    }
}
