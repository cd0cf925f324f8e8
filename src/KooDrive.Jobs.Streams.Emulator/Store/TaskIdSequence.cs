using System.Globalization;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>
/// Makes task ids that look like the documented ones: milliseconds since 2019-01-01 in the clock of <c>createTime</c>, shifted by
/// 23 bits, with a node and a counter below. They ascend, whatever the clock does. Not thread safe.
/// </summary>
internal sealed class TaskIdSequence
{
    private const int TimeShift = 23;
    private const long Node = 0b11_1111 << 12;
    private static readonly DateTime Epoch = new(2019, 1, 1);

    private long _last;

    /// <summary>The next id of a job that is created at <paramref name="localTime"/>.</summary>
    public string Next(DateTime localTime)
    {
        long milliseconds = Math.Max(0, (localTime - Epoch).Ticks / TimeSpan.TicksPerMillisecond);
        _last = Math.Max(_last + 1, (milliseconds << TimeShift) | Node);
        return _last.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Takes note of an id that came from elsewhere, so that the next one is above it.</summary>
    public void Observe(string taskId)
    {
        if (long.TryParse(taskId, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < long.MaxValue / 2)
        {
            _last = Math.Max(_last, number);
        }
    }
}
