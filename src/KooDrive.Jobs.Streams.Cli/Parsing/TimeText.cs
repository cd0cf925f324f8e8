using System.Globalization;

namespace KooDrive.Jobs.Streams.Cli.Parsing;

/// <summary>Parses times on the command line.</summary>
internal static class TimeText
{
    // The fraction of a second is optional. The times in JSON have up to seven digits.
    private static readonly string[] Times =
        ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss.FFFFFFF"];

    /// <summary>Parses a date or a time in ISO 8601, in the local time zone unless it has an offset, or a duration before the current time.</summary>
    public static bool TryParse(string text, TimeProvider time, out DateTimeOffset result)
    {
        if (Duration(text) is { } duration)
        {
            result = time.GetUtcNow() - duration;
            return true;
        }

        if (!DateTime.TryParseExact(
            text,
            ["yyyy-MM-dd", .. Times],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out DateTime local))
        {
            return DateTimeOffset.TryParseExact(
                text, [.. Times.Select(format => $"{format}K")], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out result);
        }

        TimeSpan offset = time.LocalTimeZone.GetUtcOffset(local);
        long utc = local.Ticks - offset.Ticks;
        bool existsInUtc = utc >= 0 && utc <= DateTimeOffset.MaxValue.Ticks;
        result = existsInUtc ? new DateTimeOffset(local, offset) : default;
        return existsInUtc;
    }

    private static TimeSpan? Duration(string text)
    {
        double? seconds = text.Length < 2 ? null : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => null,
        };
        return double.TryParse(text.AsSpan(0, Math.Max(text.Length - 1, 0)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number * seconds is { } duration and >= 0 and < 3_660_000_000
                ? TimeSpan.FromSeconds(duration)
                : null;
    }
}
