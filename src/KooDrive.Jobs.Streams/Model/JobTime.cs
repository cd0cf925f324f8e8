namespace KooDrive.Jobs.Streams.Model;

/// <summary>
/// A time of a job, or no time. Times of the API, to the second and in a time zone whose offset is a multiple of 15 minutes, need five bytes; a caller may set
/// any other time.
/// </summary>
/// <param name="Seconds">The seconds in UTC since <see cref="Epoch"/>; 0 if there is no time or only an exact one.</param>
/// <param name="OffsetQuarters">The offset from UTC, in units of 15 minutes.</param>
/// <param name="Exact">The time if the other values cannot represent it; else null.</param>
internal readonly record struct JobTime(uint Seconds, sbyte OffsetQuarters, ExactTime? Exact = null)
{
    private const int MinutesPerQuarter = 15;

    /// <summary>The start of 1970 in UTC, in ticks.</summary>
    public const long Epoch = 621_355_968_000_000_000;

    /// <summary>The last time that is not exact, in 2106, in ticks in UTC.</summary>
    public const long MaxTicks = Epoch + (uint.MaxValue * TimeSpan.TicksPerSecond);

    /// <summary>The time in UTC, in ticks; null if there is no time.</summary>
    public long? UtcTicks => Seconds > 0 ? Epoch + (Seconds * TimeSpan.TicksPerSecond) : Exact?.ToTime().UtcTicks;

    public static JobTime From(DateTimeOffset? time)
    {
        if (time is not { } value)
        {
            return default;
        }

        (long seconds, long rest) = Math.DivRem(value.UtcTicks - Epoch, TimeSpan.TicksPerSecond);
        (int quarters, int minutes) = Math.DivRem(value.TotalOffsetMinutes, MinutesPerQuarter);
        return rest == 0 && minutes == 0 && seconds is > 0 and <= uint.MaxValue
            ? new JobTime((uint)seconds, (sbyte)quarters)
            : new JobTime(0, 0, new ExactTime(value.Ticks, value.TotalOffsetMinutes));
    }

    public DateTimeOffset? ToTime()
    {
        if (Seconds == 0)
        {
            return Exact?.ToTime();
        }

        var offset = new TimeSpan(OffsetQuarters * MinutesPerQuarter * TimeSpan.TicksPerMinute);
        return new DateTimeOffset(Epoch + (Seconds * TimeSpan.TicksPerSecond) + offset.Ticks, offset);
    }
}

/// <summary>A time with its offset. Unlike with <see cref="DateTimeOffset"/>, the same instant with another offset is another value.</summary>
/// <param name="Ticks">The local time in ticks.</param>
/// <param name="OffsetMinutes">The offset from UTC in minutes.</param>
internal sealed record ExactTime(long Ticks, int OffsetMinutes)
{
    public DateTimeOffset ToTime() => new(Ticks, TimeSpan.FromMinutes((long)OffsetMinutes));
}

/// <summary>The times of a job that need an <see cref="ExactTime"/>.</summary>
internal sealed record ExactTimes
{
    public ExactTime? Begin { get; init; }

    public ExactTime? End { get; init; }

    public ExactTime? Create { get; init; }

    /// <summary>Returns an instance to apply <see langword="with"/> to.</summary>
    public static ExactTimes From(ExactTimes? times) => times ?? new ExactTimes();

    /// <summary>Returns null if there is no time, so that equal jobs have equal fields.</summary>
    public ExactTimes? OrNull() => Begin is null && End is null && Create is null ? null : this;
}
