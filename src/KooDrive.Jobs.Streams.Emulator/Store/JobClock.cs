using System.Globalization;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The clock of the API's times, which are 14 digits at a UTC offset that the documents do not specify.</summary>
internal sealed class JobClock(TimeProvider timeProvider, TimeSpan offset)
{
    // A cache, because many jobs share a second. The pair is replaced atomically.
    private volatile Stamp? _last;

    public DateTime Now => timeProvider.GetUtcNow().ToOffset(offset).DateTime;

    public string NowText => Text(Now);

    public string Text(DateTime time)
    {
        long second = time.Ticks / TimeSpan.TicksPerSecond;
        if (_last is not { } last || last.Second != second)
        {
            _last = last = new Stamp(second, time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        }

        return last.Text;
    }

    private sealed record Stamp(long Second, string Text);
}
