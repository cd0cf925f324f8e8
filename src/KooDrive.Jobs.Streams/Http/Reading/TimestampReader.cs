using System.Buffers.Binary;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>Reads times of 14 digits (<c>yyyyMMddHHmmss</c>), in a fraction of the time of ParseExact.</summary>
/// <param name="offset">The offset from UTC of the server's clock.</param>
internal struct TimestampReader(TimeSpan offset)
{
    public const int Length = 14;

    // The digits of the day of the month and of the time, read together.
    private const int ClockStart = 6;
    private const ulong Zeros = 0x3030_3030_3030_3030;
    private const ulong Sixes = 0x0606_0606_0606_0606;
    private const ulong HighBits = 0xF0F0_F0F0_F0F0_F0F0;

    private static readonly long MaxTicks = DateTimeOffset.MaxValue.Ticks;

    // Most jobs of a page have the same day, so the last day is remembered: its eight digits and its ticks.
    private ulong _day;
    private long _dayTicks;

    // The start of the day in UTC as JobTime has it, and the offset; only if each time of the day can be represented in that way.
    private long _daySeconds;
    private sbyte _offsetQuarters;
    private bool _isCompact;

    /// <exception cref="FormatException">The text is not a valid time of 14 digits.</exception>
    public DateTimeOffset Read(ReadOnlySpan<byte> text) => TryRead(text, out JobTime time)
        ? time.ToTime()!.Value
        : throw new FormatException("is not a time of 14 digits, yyyyMMddHHmmss");

    /// <summary>Reads a time. Returns false if the text is not a valid time of 14 digits.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out JobTime time)
    {
        time = default;
        if (text.Length != Length)
        {
            return false;
        }

        ulong day = BinaryPrimitives.ReadUInt64LittleEndian(text);
        ulong clock = BinaryPrimitives.ReadUInt64LittleEndian(text[ClockStart..]);
        bool areDigits = (((clock & HighBits) ^ Zeros) | (((clock + Sixes) & HighBits) ^ Zeros)) == 0;
        if (!areDigits || (day != _day && !TryChangeDay(text, day)))
        {
            return false;
        }

        // Each even byte becomes the number of two digits.
        clock -= Zeros;
        clock = (clock * 10) + (clock >> 8);
        int hour = (byte)(clock >> 16), minute = (byte)(clock >> 32), second = (byte)(clock >> 48);
        if (hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        int seconds = (hour * 3600) + (minute * 60) + second;
        if (_isCompact)
        {
            time = new JobTime((uint)(_daySeconds + seconds), _offsetQuarters);
            return true;
        }

        long ticks = _dayTicks + (seconds * TimeSpan.TicksPerSecond);
        if (ticks - offset.Ticks is var utc && (utc < 0 || utc > MaxTicks))
        {
            return false;
        }

        time = JobTime.From(new DateTimeOffset(ticks, offset));
        return true;
    }

    private bool TryChangeDay(ReadOnlySpan<byte> text, ulong day)
    {
        _day = 0;
        if (!TryReadDay(text, out _dayTicks))
        {
            return false;
        }

        _day = day;
        _isCompact = false;
        if (_dayTicks - offset.Ticks is > JobTime.Epoch and < JobTime.MaxTicks - TimeSpan.TicksPerDay)
        {
            var start = JobTime.From(new DateTimeOffset(_dayTicks, offset));
            (_daySeconds, _offsetQuarters, _isCompact) = (start.Seconds, start.OffsetQuarters, start.Exact is null);
        }

        return true;
    }

    private static bool TryReadDay(ReadOnlySpan<byte> text, out long ticks)
    {
        int century = Two(text, 0), yearOfCentury = Two(text, 2), month = Two(text, 4), day = Two(text, 6);
        int year = (century * 100) + yearOfCentury;
        bool exists = century >= 0 && yearOfCentury >= 0 && year > 0
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
