using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Http.Reading;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

public class TimestampReaderTests
{
    [Theory]
    [InlineData("20240229235959")]
    [InlineData("20000229000000")]
    [InlineData("00010101000000")]
    [InlineData("99991231235959")]
    public void Read_accepts_every_time_that_exists(string text) => Assert.Equal(Parse(text), Read(text, TimeSpan.Zero));

    [Theory]
    [InlineData("20230229000000")]
    [InlineData("19000229000000")]
    [InlineData("20231301000000")]
    [InlineData("20230001000000")]
    [InlineData("20230100000000")]
    [InlineData("20230432000000")]
    [InlineData("20230101240000")]
    [InlineData("20230101006000")]
    [InlineData("20230101000060")]
    [InlineData("00000101000000")]
    [InlineData("2023010100000")]
    [InlineData("202301010000000")]
    [InlineData("2023-1-1000000")]
    [InlineData("2023010100:000")]
    [InlineData("2023010100000/")]
    [InlineData("2023010100000:")]
    [InlineData("200:0101000000")]
    [InlineData("20230101/00000")]
    [InlineData("              ")]
    public void Read_rejects_text_that_is_not_a_time(string text) => Assert.Throws<FormatException>(() => Read(text, TimeSpan.Zero));

    [Theory]
    [InlineData("00010101000000", 1)]
    [InlineData("99991231235959", -1)]
    public void Read_rejects_a_time_that_the_offset_moves_out_of_range(string text, int hours) =>
        Assert.Throws<FormatException>(() => Read(text, TimeSpan.FromHours(hours)));

    [Property(MaxTest = 500)]
    public Property Read_equals_ParseExact_after_any_earlier_times() => Prop.ForAll(
        ArbMap.Default.ArbFor<DateTime>().Generator.Two().Zip(Gen.Choose(-14, 14)).ToArbitrary(),
        sample =>
        {
            ((DateTime first, DateTime second), int hours) = sample;
            var reader = new TimestampReader(TimeSpan.FromHours(hours));
            foreach (DateTime time in new[] { first, second, second.AddHours(1), first })
            {
                string text = time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
                Assert.Equal(new DateTimeOffset(Parse(text).DateTime, TimeSpan.FromHours(hours)), reader.Read(Encoding.ASCII.GetBytes(text)));
            }
        });

    [Fact]
    public void Read_is_exact_at_the_limits_of_compact_times()
    {
        foreach (long limit in new[] { JobTime.Epoch, JobTime.MaxTicks })
        {
            foreach (int hours in Enumerable.Range(-14, 29))
            {
                var reader = new TimestampReader(TimeSpan.FromHours(hours));
                for (DateTime time = new DateTime(limit).AddHours(-40); time.Ticks < limit + TimeSpan.TicksPerDay; time = time.AddMinutes(61).AddSeconds(1))
                {
                    string text = time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
                    Assert.Equal(new DateTimeOffset(Parse(text).DateTime, TimeSpan.FromHours(hours)), reader.Read(Encoding.ASCII.GetBytes(text)));
                }
            }
        }
    }

    private static DateTimeOffset Read(string text, TimeSpan offset) => new TimestampReader(offset).Read(Encoding.ASCII.GetBytes(text));

    private static DateTimeOffset Parse(string text) =>
        DateTimeOffset.ParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
