using System.Globalization;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The clock that the API's times are read from: 14 digits in an offset that the documents do not name.</summary>
internal sealed class JobClock(TimeProvider timeProvider, TimeSpan offset)
{
    // Many jobs share a second; the pair is replaced as one, so that readers on other threads never mix two.
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
