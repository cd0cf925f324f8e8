namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>A clock whose wall time can be set, as by NTP or an operator, while its monotonic time and its timers continue.</summary>
internal sealed class SteppedTimeProvider(TimeProvider inner) : TimeProvider
{
    /// <summary>The difference between the wall clock and that of the inner clock.</summary>
    public TimeSpan Step { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
