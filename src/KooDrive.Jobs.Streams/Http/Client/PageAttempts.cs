using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Model;
using Polly.Timeout;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Runs the attempts of one user's requests: waits for the request budget, authorizes, sends, and recovers once from each reason for a rejection.</summary>
/// <param name="channel">The channel to the server, which other users may share.</param>
/// <param name="credential">Authorizes the requests.</param>
internal sealed class PageAttempts(ServerChannel channel, JobsCredential credential)
{
    // The public type that the caller disposed.
    private const string ObjectName = "JobsClient";

    /// <summary>Runs an attempt. The outcome is a page or a <see cref="JobsException"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<JobPage> RunAsync(PageRequest request, CancellationToken cancellationToken)
    {
        if (channel.IsClosed)
        {
            throw Disposed();
        }

        try
        {
            while (true)
            {
                using RateLimitLease? lease = await WaitForBudgetAsync(request, cancellationToken).ConfigureAwait(false);
                RequestAuthorization authorization = await AuthorizeAsync(request, cancellationToken).ConfigureAwait(false);
                try
                {
                    JobPage page = await SendAsync(request, authorization, cancellationToken).ConfigureAwait(false);
                    Report(page.InvalidFields, request);
                    return page;
                }
                catch (JobsAuthenticationException exception) when (exception.StatusCode is HttpStatusCode.Unauthorized && TryRecover(request, authorization))
                {
                    channel.Telemetry.PageRetried(exception);
                }
            }
        }
        catch (JobsConnectionException) when (channel.IsClosed)
        {
            throw Disposed();
        }
        catch (JobsException exception)
        {
            request.LastFailure = exception;
            PauseFor(exception);
            if (exception is JobsAuthenticationException or JobsRequestException)
            {
                Log.RequestRejected(channel.Logger, request.Offset, exception.Message);
            }

            throw;
        }
    }

    private void Report(IReadOnlyList<InvalidField> fields, PageRequest request)
    {
        foreach (InvalidField field in fields)
        {
            channel.Telemetry.FieldInvalid(field);
            if (InvalidFieldReport.Current is { } report)
            {
                report.Add(field);
            }
            else
            {
                Log.InvalidField(channel.Logger, field.Name, field.Count, request.Offset, field.TaskId);
            }
        }
    }

    /// <summary>Waits for the end of a pause and for a permit. The lease, if there is one, belongs to the attempt.</summary>
    private ValueTask<RateLimitLease?> WaitForBudgetAsync(PageRequest request, CancellationToken cancellationToken) =>
        channel.Budget.IsLimited || channel.Budget.Pause.Remaining > TimeSpan.Zero ? WaitAsync(request, cancellationToken) : default;

    private async ValueTask<RateLimitLease?> WaitAsync(PageRequest request, CancellationToken cancellationToken)
    {
        if (channel.Budget.IsLimited)
        {
            // A provider may take long, and permits of requests that wait for its token would be used together.
            await AuthorizeAsync(request, cancellationToken).ConfigureAwait(false);
        }

        long startedAt = channel.TimeProvider.GetTimestamp();
        request.IsWaiting = true;
        ValueTask<RateLimitLease?> waiting = channel.Budget.WaitAsync(cancellationToken);
        bool waits = !waiting.IsCompleted;
        try
        {
            RateLimitLease? lease = await waiting.ConfigureAwait(false);
            request.IsWaiting = false;
            return lease is { IsAcquired: false } ? throw Denied(lease, request) : lease;
        }
        catch (Exception exception) when (exception is not (JobsException or ObjectDisposedException) && !cancellationToken.IsCancellationRequested)
        {
            // A rate limiter may be the caller's code and throw anything.
            request.IsWaiting = false;
            request.ResetFacts();
            throw new JobsConnectionException(FailureText.LimiterFailed(exception, request.Facts), request.Facts, ConnectionFailure.SafeCause(exception));
        }
        finally
        {
            if (waits)
            {
                channel.Telemetry.BudgetWaited(channel.TimeProvider.GetElapsedTime(startedAt));
            }
        }
    }

    private static JobsThrottledException Denied(RateLimitLease lease, PageRequest request)
    {
        using (lease)
        {
            request.ResetFacts();
            return new JobsThrottledException(FailureText.LimiterDenied(request.Facts), request.Facts)
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan retryAfter) ? retryAfter : null,
            };
        }
    }

    // Retry-After with 429 or 503 applies to the server, and so to all requests; with other codes it applies to the resource.
    private void PauseFor(JobsException failure)
    {
        if (failure is { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, RetryAfter: { } retryAfter }
            && channel.Budget.Pause.Extend(retryAfter, channel.Options.MaxRetryDelay) is { } pause)
        {
            channel.Telemetry.BudgetPaused(pause);
            Log.Paused(channel.Logger, pause.TotalSeconds, retryAfter.TotalSeconds);
            ReportPause(pause);
        }
    }

    private void ReportPause(TimeSpan pause)
    {
        try
        {
            channel.OnPaused?.Invoke(pause);
        }
        catch (Exception exception)
        {
            // The function is user code and may throw anything. The caller of the request must receive the failure of the request.
            Log.PauseCallbackFailed(channel.Logger, exception);
        }
    }

    private async ValueTask<RequestAuthorization> AuthorizeAsync(PageRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await credential.GetAuthorizationAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not JobsException)
        {
            // A provider is user code and may throw anything.
            cancellationToken.ThrowIfCancellationRequested();
            throw ProviderFailure.From(exception, request.Facts);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<JobPage> SendAsync(PageRequest request, RequestAuthorization authorization, CancellationToken cancellationToken)
    {
        request.AttemptCount++;
        try
        {
            return await channel.AttemptPipeline.ExecuteAsync(
                static (state, token) =>
                {
                    ValueTask<JobPage> sending = state.Channel.Exchange.SendAsync(state.Request, state.Authorization, token);

                    return state.Channel.OwnsHttpClient || sending.IsCompleted ? sending : EndOnCancellation(sending.AsTask(), token);
                },
                (Channel: channel, Request: request, Authorization: authorization),
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new JobsConnectionException(
                FailureText.TimedOut(nameof(JobsClientOptions.AttemptTimeout), channel.Options.AttemptTimeout, request.Facts), request.Facts, exception);
        }
    }

    // The handlers of a caller's HttpClient may ignore cancellation. The attempt ends without them, and nothing else observes their failure after that.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<JobPage> EndOnCancellation(Task<JobPage> sending, CancellationToken cancellationToken)
    {
        try
        {
            return await sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = sending.ContinueWith(
                static late => _ = late.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
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
            Log.ClockCorrected(channel.Logger, correction.Ahead.TotalSeconds, request.Offset);
            return true;
        }

        request.TriedCorrection = null;
        if (!request.HasTriedRenewedCredential && credential.Reject(rejected))
        {
            // Both may have been wrong: the clock may be corrected again with the new credentials.
            request.HasTriedCorrection = false;
            request.HasTriedRenewedCredential = true;
            Log.RenewingCredential(channel.Logger, request.Offset);
            return true;
        }

        return false;
    }

    private static ObjectDisposedException Disposed() => new(ObjectName);
}
