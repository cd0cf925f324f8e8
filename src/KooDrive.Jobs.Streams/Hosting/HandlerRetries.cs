using Polly;
using Polly.Retry;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Creates the retries for the handlers and the saves of the checkpoint of a hosted watch.</summary>
internal static class HandlerRetries
{
    /// <param name="maxRetries">The maximum number of retries.</param>
    /// <param name="options">The delays.</param>
    /// <param name="timeProvider">The clock of the delays.</param>
    /// <param name="retrying">Called before each delay.</param>
    public static ResiliencePipeline Create(int maxRetries, HostedJobWatchOptions options, TimeProvider timeProvider, Action? retrying = null) =>
        maxRetries == 0
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder { TimeProvider = timeProvider }.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = maxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.HandlerRetryDelay,
                MaxDelay = options.MaxHandlerRetryDelay,

                // A cancellation by the handler itself is a failure; when the host stops, there are no more retries.
                ShouldHandle = static args => new(args.Outcome.Exception is not null && !args.Context.CancellationToken.IsCancellationRequested),
                OnRetry = _ =>
                {
                    retrying?.Invoke();
                    return default;
                },
            }).Build();
}
