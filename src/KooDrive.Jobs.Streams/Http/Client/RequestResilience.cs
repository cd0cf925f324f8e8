using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The timeouts of all clients, and the retries of a client that creates its own HttpClient. Both cover whole attempts, including the body: the
/// timeouts and retries of an HttpClient and its handlers end with the headers.
/// </summary>
internal static class RequestResilience
{
    /// <summary>Creates the pipeline of a request: its timeout, and the retries unless a caller's HttpClient has its own.</summary>
    public static ResiliencePipeline<JobPage> CreateRequest(
        JobsClientOptions options, bool retries, TimeProvider timeProvider, ILogger logger, ClientTelemetry telemetry)
    {
        ResiliencePipelineBuilder<JobPage> request = CreateBuilder(timeProvider, options.RequestTimeout);
        return (retries && options.MaxRetries > 0 ? request.AddRetry(CreateRetry(options, logger, telemetry)) : request).Build();
    }

    /// <summary>Creates the pipeline of an attempt: its timeout, which includes the body.</summary>
    public static ResiliencePipeline<JobPage> CreateAttempt(JobsClientOptions options, TimeProvider timeProvider) =>
        CreateBuilder(timeProvider, options.AttemptTimeout).Build();

    private static ResiliencePipelineBuilder<JobPage> CreateBuilder(TimeProvider timeProvider, TimeSpan timeout) =>
        new ResiliencePipelineBuilder<JobPage> { TimeProvider = timeProvider }.AddTimeout(timeout);

    private static RetryStrategyOptions<JobPage> CreateRetry(JobsClientOptions options, ILogger logger, ClientTelemetry telemetry)
    {
        TimeSpan maxDelay = options.MaxRetryDelay;
        int retries = options.MaxRetries;
        var budget = new RetryBudget(options.RetryBudget);
        bool isExhausted = false;
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
                Volatile.Write(ref isExhausted, false);
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

            // Logged once until a page succeeds, because an outage would log a line for each request.
            if (!Interlocked.Exchange(ref isExhausted, true))
            {
                Log.RetryBudgetExhausted(logger, failure.Offset, failure.Message);
            }

            return false;
        }
    }
}
