using KooDrive.Jobs.Streams.Model;
using Polly.Timeout;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// Gets the pages of one user from the server: measurement, retries and the timeout of the request. <see cref="PageAttempts"/> runs each attempt.
/// </summary>
/// <param name="channel">The channel to the server, which other users may share.</param>
/// <param name="userId">The user's id on KooDrive.</param>
/// <param name="credential">Authorizes the requests.</param>
internal sealed class PageSource(ServerChannel channel, string userId, JobsCredential credential)
{
    private readonly RequestHeaders _headers = new(userId, channel.Options.Language);
    private readonly PageAttempts _attempts = new(channel, credential);

    public ServerChannel Channel => channel;

    /// <summary>Gets a page.</summary>
    /// <param name="query">The filters.</param>
    /// <param name="offset">The number of jobs to skip.</param>
    /// <param name="limit">The maximum number of jobs.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <param name="previous">The response that the caller already has, whose jobs are not read again; null to read any response, without a fingerprint.</param>
    public Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken, PageFingerprint? previous = null)
    {
        PageRequest request = channel.Exchange.CreateRequest(_headers, query, offset, limit, previous);
        return channel.Telemetry.MeasuresPages ? MeasureAsync(request, cancellationToken) : GetAsync(request, cancellationToken);
    }

    private async Task<JobPage> MeasureAsync(PageRequest request, CancellationToken cancellationToken)
    {
        using var measurement = new PageMeasurement(channel.Telemetry, channel.TimeProvider, request);
        try
        {
            JobPage page = await GetAsync(request, cancellationToken).ConfigureAwait(false);
            measurement.Complete(page);
            return page;
        }
        catch (JobsException exception)
        {
            measurement.Fail(exception);
            throw;
        }
    }

    private async Task<JobPage> GetAsync(PageRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await channel.RequestPipeline.ExecuteAsync(
                static (state, token) => state.Attempts.RunAsync(state.Request, token),
                (Attempts: _attempts, Request: request),
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw request.IsWaiting
                ? WaitTimedOut(request, exception)
                : new JobsConnectionException(
                    FailureText.TimedOut(nameof(JobsClientOptions.RequestTimeout), channel.Options.RequestTimeout, request.Facts),
                    request.Facts,
                    request.LastFailure ?? (Exception)exception);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested && exception.CancellationToken != cancellationToken)
        {
            // The exception carries the token of the caller, not that of the pipeline.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    private JobsThrottledException WaitTimedOut(PageRequest request, TimeoutRejectedException timeout)
    {
        TimeSpan limit = channel.Options.RequestTimeout;
        TimeSpan pause = channel.Budget.Pause.Remaining;
        if (pause > TimeSpan.Zero || !channel.Budget.IsLimited)
        {
            return new(FailureText.Paused(limit, request.Facts), request.Facts, request.LastFailure ?? (Exception)timeout) { RetryAfter = pause };
        }

        request.ResetFacts();
        return new(FailureText.NoPermit(limit, request.Facts), request.Facts, request.LastFailure ?? (Exception)timeout);
    }
}
