namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>A clock whose wall time can be set, as NTP or an operator does it, while its monotonic time and its timers run on.</summary>
internal sealed class SteppedTimeProvider(TimeProvider inner) : TimeProvider
{
    /// <summary>How far the wall clock is from the inner one's.</summary>
    public TimeSpan Step { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
