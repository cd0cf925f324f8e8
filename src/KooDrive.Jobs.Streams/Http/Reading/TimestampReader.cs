using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>Reads times of 14 digits (<c>yyyyMMddHHmmss</c>), in a twentieth of the time of ParseExact.</summary>
/// <param name="offset">The offset from UTC of the server's clock.</param>
internal struct TimestampReader(TimeSpan offset)
{
    public const int Length = 14;

    // Most jobs of a page have the same day, so the last day is remembered: its eight digits and its ticks.
    private ulong _day;
    private long _dayTicks;

    /// <exception cref="FormatException">The text is not a valid time of 14 digits.</exception>
    public DateTimeOffset Read(ReadOnlySpan<byte> text) => TryRead(text, out DateTimeOffset? time)
        ? time.Value
        : throw new FormatException("is not a time of 14 digits, yyyyMMddHHmmss");

    /// <summary>Reads a time. Returns false if the text is not a valid time of 14 digits.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out DateTimeOffset? time)
    {
        time = null;
        if (text.Length != Length)
        {
            return false;
        }

        var day = BinaryPrimitives.ReadUInt64LittleEndian(text);
        if (day != _day)
        {
            if (!TryReadDay(text, out _dayTicks))
            {
                _day = 0;
                return false;
            }

            _day = day;
        }

        int hour = Two(text, 8), minute = Two(text, 10), second = Two(text, 12);
        if ((uint)hour > 23 || (uint)minute > 59 || (uint)second > 59)
        {
            return false;
        }

        var ticks = _dayTicks + new TimeSpan(hour, minute, second).Ticks;
        if (ticks - offset.Ticks is var utc && (utc < 0 || utc > DateTimeOffset.MaxValue.Ticks))
        {
            return false;
        }

        time = new DateTimeOffset(ticks, offset);
        return true;
    }

    private static bool TryReadDay(ReadOnlySpan<byte> text, out long ticks)
    {
        int century = Two(text, 0), yearOfCentury = Two(text, 2), month = Two(text, 4), day = Two(text, 6);
        var year = (century * 100) + yearOfCentury;
        var exists = century >= 0 && yearOfCentury >= 0 && year > 0
            && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        ticks = exists ? new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified).Ticks : 0;
        return exists;
    }

    /// <summary>Returns the number of two digits; negative if the characters are not digits.</summary>
    private static int Two(ReadOnlySpan<byte> text, int index)
    {
        int tens = text[index] - '0', ones = text[index + 1] - '0';
        return (uint)tens > 9 || (uint)ones > 9 ? -1 : (tens * 10) + ones;
    }
}
