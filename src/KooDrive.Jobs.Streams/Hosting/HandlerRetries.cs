using Polly;
using Polly.Retry;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>The retries of what a hosted watch must not skip: the calls of its handlers, and the saves of its checkpoint.</summary>
internal static class HandlerRetries
{
    /// <param name="options">How often, and after which delays.</param>
    /// <param name="timeProvider">The clock of the delays.</param>
    /// <param name="retrying">Called before each delay.</param>
    public static ResiliencePipeline Create(HostedJobWatchOptions options, TimeProvider timeProvider, Action? retrying = null) =>
        options.MaxHandlerRetries == 0
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder { TimeProvider = timeProvider }.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxHandlerRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.HandlerRetryDelay,
                MaxDelay = options.MaxHandlerRetryDelay,

                // A canceled request of the callee's own is a failure like others; when the host stops, nothing is tried again.
                ShouldHandle = static args => new(args.Outcome.Exception is not null && !args.Context.CancellationToken.IsCancellationRequested),
                OnRetry = _ =>
                {
                    retrying?.Invoke();
                    return default;
                },
            }).Build();
}
