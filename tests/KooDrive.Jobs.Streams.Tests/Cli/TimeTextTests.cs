using KooDrive.Jobs.Streams.Cli.Parsing;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class TimeTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-01-31", "2026-01-30T22:00:00Z")]
    [InlineData("2026-01-31T08:00", "2026-01-31T06:00:00Z")]
    [InlineData("2026-01-31 08:00:01", "2026-01-31T06:00:01Z")]
    [InlineData("2026-01-31T08:00Z", "2026-01-31T08:00:00Z")]
    [InlineData("2026-01-31 08:00:01Z", "2026-01-31T08:00:01Z")]
    [InlineData("2026-01-31T08:00:01.25Z", "2026-01-31T08:00:01.25Z")]
    [InlineData("2026-01-31T08:00:01.1234567+00:00", "2026-01-31T08:00:01.1234567Z")]
    [InlineData("2026-01-31 08:00:01.5", "2026-01-31T06:00:01.5Z")]
    [InlineData("2026-01-31T08:00:01-0330", "2026-01-31T11:30:01Z")]
    [InlineData("0s", "2026-01-31T12:00:00Z")]
    [InlineData("90s", "2026-01-31T11:58:30Z")]
    [InlineData("1.5h", "2026-01-31T10:30:00Z")]
    [InlineData("7d", "2026-01-24T12:00:00Z")]
    public void TryParse_accepts_times_and_durations(string text, string expected)
    {
        Assert.True(TimeText.TryParse(text, Time(), out DateTimeOffset time));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("-1h")]
    [InlineData("1e3s")]
    [InlineData("99999999d")]
    [InlineData("08:00")]
    [InlineData("2026-02-30")]
    [InlineData("31.01.2026")]
    [InlineData("2026-01-31T08:00:01.12345678Z")]
    [InlineData("2026-01-31T08:00:00+25:00")]
    public void TryParse_rejects_other_text(string text) => Assert.False(TimeText.TryParse(text, Time(), out _));

    // Two hours east of Greenwich.
    private static FakeTimeProvider Time()
    {
        var time = new FakeTimeProvider(Now);
        time.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("Two", TimeSpan.FromHours(2), "Two", "Two"));
        return time;
    }
}
