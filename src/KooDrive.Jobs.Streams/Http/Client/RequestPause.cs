namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The pause that the server requested with <c>Retry-After</c>, for all requests that share a budget, because a 429 applies to all.
/// Measured by the monotonic clock. Thread-safe.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class RequestPause(TimeProvider timeProvider)
{
    // A timestamp of the clock; zero before the first pause.
    private long _endsAt;

    /// <summary>The time until requests may be sent again; zero if they may be sent now.</summary>
    public TimeSpan Remaining
    {
        get
        {
            long endsAt = Volatile.Read(ref _endsAt);
            TimeSpan remaining = endsAt == 0 ? TimeSpan.Zero : timeProvider.GetElapsedTime(timeProvider.GetTimestamp(), endsAt);
            return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
        }
    }

    /// <summary>Starts or extends the pause. A pause that ends later is not shortened.</summary>
    /// <param name="retryAfter">The time that the server requested.</param>
    /// <param name="maxPause">The maximum pause, even if the server requests a longer one.</param>
    /// <returns>The length of the pause; null if the pause is not extended.</returns>
    public TimeSpan? Extend(TimeSpan retryAfter, TimeSpan maxPause)
    {
        TimeSpan pause = retryAfter < maxPause ? retryAfter : maxPause;
        if (pause <= TimeSpan.Zero)
        {
            return null;
        }

        long endsAt = timeProvider.GetTimestamp() + (long)Math.Ceiling(pause.TotalSeconds * timeProvider.TimestampFrequency);
        for (long current = Volatile.Read(ref _endsAt); current < endsAt;)
        {
            long seen = Interlocked.CompareExchange(ref _endsAt, endsAt, current);
            if (seen == current)
            {
                return pause;
            }

            current = seen;
        }

        return null;
    }

    /// <summary>Waits for the end of the pause, including its extensions during the wait.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (Remaining is { Ticks: > 0 } remaining)
        {
            // Timers truncate to whole milliseconds.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(remaining.TotalMilliseconds)), timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
