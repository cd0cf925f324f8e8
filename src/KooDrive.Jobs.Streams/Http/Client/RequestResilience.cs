using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The timeouts of all clients, and the retries of a client that creates its own HttpClient. Both cover whole attempts, including the body: the
/// timeouts and retries of an HttpClient and its handlers end with the headers.
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

    /// <summary>Creates the resilience of a client that creates its own HttpClient.</summary>
    public static RequestResilience WithRetries(JobsClientOptions options, TimeProvider timeProvider, ILogger logger, ClientTelemetry telemetry)
    {
        ResiliencePipelineBuilder<JobPage> request = CreateBuilder(timeProvider, options.RequestTimeout);
        return new(options.MaxRetries > 0 ? request.AddRetry(CreateRetry(options, logger, telemetry)) : request, options, timeProvider);
    }

    /// <summary>Creates the resilience of a client with a caller's HttpClient, which has its own retries.</summary>
    public static RequestResilience WithoutRetries(JobsClientOptions options, TimeProvider timeProvider) =>
        new(CreateBuilder(timeProvider, options.RequestTimeout), options, timeProvider);

    /// <summary>Runs a request with its timeout and its retries.</summary>
    public ValueTask<JobPage> RequestAsync<TState>(
        Func<TState, CancellationToken, ValueTask<JobPage>> request, TState state, CancellationToken cancellationToken) =>
        _request.ExecuteAsync(request, state, cancellationToken);

    /// <summary>Runs an attempt with its timeout, which includes the body.</summary>
    public ValueTask<JobPage> AttemptAsync<TState>(
        Func<TState, CancellationToken, ValueTask<JobPage>> attempt, TState state, CancellationToken cancellationToken) =>
        _attempt.ExecuteAsync(attempt, state, cancellationToken);

    private static ResiliencePipelineBuilder<JobPage> CreateBuilder(TimeProvider timeProvider, TimeSpan timeout) =>
        new ResiliencePipelineBuilder<JobPage> { TimeProvider = timeProvider }.AddTimeout(timeout);

    private static RetryStrategyOptions<JobPage> CreateRetry(JobsClientOptions options, ILogger logger, ClientTelemetry telemetry)
    {
        TimeSpan maxDelay = options.MaxRetryDelay;
        var retries = options.MaxRetries;
        var budget = new RetryBudget(options.RetryBudget);
        return new RetryStrategyOptions<JobPage>
        {
            MaxRetryAttempts = retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.RetryDelay,
            MaxDelay = maxDelay,
            ShouldHandle = args => new(ShouldRetry(args)),

            // Null means the delay of the backoff, which a Retry-After of zero does not shorten.
            DelayGenerator = static args => new(
                args.Outcome.Exception is JobsException { RetryAfter: { } delay } && delay > TimeSpan.Zero ? delay : null),
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

            // Also called after the last attempt, which must not take a retry from the budget.
            if (exception is not JobsException { IsTransient: true } failure || failure.RetryAfter > maxDelay || args.AttemptNumber >= retries)
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
