using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// Retries and timeouts of a client that makes its own HttpClient. Whole attempts are retried, from forming the request to parsing the
/// answer: the standard handler's end with the headers, and a body that stalls or breaks off would pass them by.
/// </summary>
internal sealed class RequestResilience
{
    private readonly ResiliencePipeline<JobPage>? _request;
    private readonly ResiliencePipeline<JobPage>? _attempt;

    private RequestResilience(ResiliencePipeline<JobPage>? request, ResiliencePipeline<JobPage>? attempt) => (_request, _attempt) = (request, attempt);

    /// <summary>For a caller's HttpClient, which brings its own.</summary>
    public static RequestResilience None { get; } = new(request: null, attempt: null);

    /// <summary>Around everything that is done for one page: the timeout of the whole, then the retries.</summary>
    public ValueTask<JobPage> RequestAsync<TState>(
        Func<TState, CancellationToken, ValueTask<JobPage>> request, TState state, CancellationToken cancellationToken) =>
        _request?.ExecuteAsync(request, state, cancellationToken) ?? request(state, cancellationToken);

    /// <summary>Around one exchange with the server: its timeout, body included.</summary>
    public ValueTask<JobPage> AttemptAsync<TState>(
        Func<TState, CancellationToken, ValueTask<JobPage>> attempt, TState state, CancellationToken cancellationToken) =>
        _attempt?.ExecuteAsync(attempt, state, cancellationToken) ?? attempt(state, cancellationToken);

    public static RequestResilience Create(JobsClientOptions options, TimeProvider timeProvider, ILogger logger, ClientTelemetry telemetry)
    {
        ResiliencePipelineBuilder<JobPage> request = new ResiliencePipelineBuilder<JobPage> { TimeProvider = timeProvider }.AddTimeout(options.RequestTimeout);
        if (options.MaxRetries > 0)
        {
            request.AddRetry(CreateRetry(options, logger, telemetry));
        }

        ResiliencePipelineBuilder<JobPage> attempt = new ResiliencePipelineBuilder<JobPage> { TimeProvider = timeProvider }.AddTimeout(options.AttemptTimeout);
        return new RequestResilience(request.Build(), attempt.Build());
    }

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
                budget.GiveBack();
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

            Log.RetriesSpent(logger, failure.Offset, failure.Message);
            return false;
        }
    }
}
