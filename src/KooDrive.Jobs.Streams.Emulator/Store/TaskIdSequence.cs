using System.Globalization;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>
/// Creates task ids that are similar to the documented ones: milliseconds since 2019-01-01 on the clock of <c>createTime</c>, shifted by
/// 23 bits, plus a node and a counter. They increase strictly, even if the clock is set back. All users of an emulator share them. Thread-safe.
/// </summary>
internal sealed class TaskIdSequence
{
    private const int TimeShift = 23;
    private const long Node = 0b11_1111 << 12;
    private static readonly DateTime Epoch = new(2019, 1, 1);

    private readonly Lock _lock = new();
    private long _last;

    /// <summary>Returns the id of a job that is created at <paramref name="localTime"/>.</summary>
    public string Next(DateTime localTime)
    {
        long milliseconds = Math.Max(0, (localTime - Epoch).Ticks / TimeSpan.TicksPerMillisecond);
        long next;
        lock (_lock)
        {
            next = _last = Math.Max(_last + 1, (milliseconds << TimeShift) | Node);
        }

        return next.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Records an id that was not created by this instance, so that the next id is greater.</summary>
    public void Observe(string taskId)
    {
        if (long.TryParse(taskId, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < long.MaxValue / 2)
        {
            lock (_lock)
            {
                _last = Math.Max(_last, number);
            }
        }
    }
}
