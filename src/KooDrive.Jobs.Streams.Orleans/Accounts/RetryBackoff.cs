namespace KooDrive.Jobs.Streams.Accounts;

/// <summary>The exponential backoff of retries, up to a maximum.</summary>
/// <param name="options">The delays.</param>
internal sealed class RetryBackoff(JobWatchGrainOptions options)
{
    private TimeSpan _next = options.RetryDelay;

    public TimeSpan Next()
    {
        TimeSpan delay = _next;
        _next = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, options.MaxRetryDelay.Ticks));
        return delay;
    }

    public void Reset() => _next = options.RetryDelay;
}
