using System.Globalization;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Formats times in the time zone of the machine.</summary>
internal static class LocalTime
{
    public static string Time(DateTimeOffset time, TimeZoneInfo zone) => Format(time, zone, "HH:mm:ss");

    public static string DateAndTime(DateTimeOffset time, TimeZoneInfo zone) => Format(time, zone, "yyyy-MM-dd HH:mm:ss");

    private static string Format(DateTimeOffset time, TimeZoneInfo zone, string format) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString(format, CultureInfo.InvariantCulture);
}
