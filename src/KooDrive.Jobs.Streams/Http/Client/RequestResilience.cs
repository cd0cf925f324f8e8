using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// Timeouts of every client, and retries of a client that makes its own HttpClient. Both are about whole attempts, from forming the request
/// to parsing the response: the timeouts and retries of an HttpClient and its handlers end with the headers, and a body that stalls or breaks
/// off would pass them by.
/// </summary>
internal sealed class RequestResilience
{
    private readonly ResiliencePipeline<JobPage> _request;
    private readonly ResiliencePipeline<JobPage> _attempt;

    private RequestResilience(ResiliencePipelineBuilder<JobPage> request, JobsClientOptions options, TimeProvider timeProvider)
    {
        _request = request.Build();
        _attempt = CreateBuilder(timeProvider, options.AttemptTimeout).Build();
    }

    /// <summary>For a client that makes its own HttpClient.</summary>
    public static RequestResilience WithRetries(JobsClientOptions options, TimeProvider timeProvider, ILogger logger, ClientTelemetry telemetry)
    {
        ResiliencePipelineBuilder<JobPage> request = CreateBuilder(timeProvider, options.RequestTimeout);
        return new(options.MaxRetries > 0 ? request.AddRetry(CreateRetry(options, logger, telemetry)) : request, options, timeProvider);
    }

    /// <summary>For a caller's HttpClient, which brings its own retries.</summary>
    public static RequestResilience WithoutRetries(JobsClientOptions options, TimeProvider timeProvider) =>
        new(CreateBuilder(timeProvider, options.RequestTimeout), options, timeProvider);

    /// <summary>Around everything that is done for one page: the timeout of the whole, then the retries.</summary>
    public ValueTask<JobPage> RequestAsync<TState>(
        Func<TState, CancellationToken, ValueTask<JobPage>> request, TState state, CancellationToken cancellationToken) =>
        _request.ExecuteAsync(request, state, cancellationToken);

    /// <summary>Around one exchange with the server: its timeout, body included.</summary>
    public ValueTask<JobPage> AttemptAsync<TState>(
        Func<TState, CancellationToken, ValueTask<JobPage>> attempt, TState state, CancellationToken cancellationToken) =>
        _attempt.ExecuteAsync(attempt, state, cancellationToken);

    private static ResiliencePipelineBuilder<JobPage> CreateBuilder(TimeProvider timeProvider, TimeSpan timeout) =>
        new ResiliencePipelineBuilder<JobPage> { TimeProvider = timeProvider }.AddTimeout(timeout);

    private static RetryStrategyOptions<JobPage> CreateRetry(JobsClientOptions options, ILogger logger, ClientTelemetry telemetry)
    {
        TimeSpan longest = options.MaxRetryDelay;
        var retries = options.MaxRetries;
        var budget = new RetryBudget(options.RetryBudget);
        return new RetryStrategyOptions<JobPage>
        {
            MaxRetryAttempts = retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.RetryDelay,
            MaxDelay = longest,
            ShouldHandle = args => new(ShouldRetry(args)),

            // Null is the delay of the backoff, which is never shorter than no wait at all.
            DelayGenerator = static args => new(
                args.Outcome.Exception is JobsException { RetryAfter: { } wait } && wait > TimeSpan.Zero ? wait : null),
            OnRetry = args =>
            {
                var failure = (JobsException)args.Outcome.Exception!;
                Log.Retrying(logger, failure.Offset, args.AttemptNumber + 1, args.RetryDelay.TotalSeconds, failure.Message);
                telemetry.PageRetried(failure);
                return default;
            },
        };

        bool ShouldRetry(in RetryPredicateArguments<JobPage> args)
        {
            if (args.Outcome.Exception is not { } exception)
            {
                budget.Return();
                return false;
            }

            // It is asked after the last attempt too, which must not take a retry that nobody makes.
            if (exception is not JobsException { IsTransient: true } failure || failure.RetryAfter > longest || args.AttemptNumber >= retries)
            {
                return false;
            }

            if (budget.TryTake())
            {
                return true;
            }

            Log.RetryBudgetExhausted(logger, failure.Offset, failure.Message);
            return false;
        }
    }
}
