using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// A resume point as text: <c>v3.</c> and base64url of the query, the offset, the creation time and the task ids, followed by a checksum. Untrusted
/// text can be read: the result is a resume point or a <see cref="FormatException"/>, at a bounded cost.
/// </summary>
internal static class ResumePointFormat
{
    private const string Version = "v3.";
    private const int ChecksumBytes = 4;
    private const int TaskIdBytesLimit = 256;

    // A text with earlier jobs has fewer than 70 characters, so that it fits on a line of a terminal.
    private const int EarlierBytesLimit = 49;
    private const int TextLimit = 4 * ResumePoint.UnorderedLimit * TaskIdBytesLimit;

    // Differences of ids are written as four times their amount.
    private const long MaxDifference = 1L << 61;

    private const int ReadingsLimit = 1_000_000;

    // 9999-12-31, in ticks.
    private const long MaxTime = 3_155_378_975_999_999_999;

    // Larger than any list, and small enough that adding pages to it cannot overflow.
    private const long OffsetLimit = 1L << 53;

    [Flags]
    private enum Content : ulong
    {
        None = 0,
        HasStarted = 1,
        HasEvicted = 2,
        IsInLargeGroup = 4,
        Seconds = 8,
        Ticks = 16,
        IsIncomplete = 32,
        IsGroupUnordered = 64,
        HasUnstableTies = 128,
        All = 255,
    }

    public static string Write(ResumePoint point)
    {
        string text = WriteWhole(point);
        while (text.Length > TextLimit && point.TaskIds.Count > 1)
        {
            // Ids of extreme length: only the second half of them, which is further down the list, is kept.
            point = point with { TaskIds = [.. point.TaskIds.Skip(point.TaskIds.Count / 2)], HasEvicted = true };
            text = WriteWhole(point);
        }

        return text;
    }

    private static string WriteWhole(ResumePoint point)
    {
        var payload = new ArrayBufferWriter<byte>();
        WriteNumber(payload, point.Query.Type is { } type ? (ulong)type + 1 : 0);
        WriteNumber(payload, point.Query.Status is { } status ? (ulong)status + 1 : 0);
        WriteNumber(payload, (ulong)point.Offset);
        WriteNumber(payload, (ulong)ContentOf(point));
        if (point.Time is { } time)
        {
            WriteNumber(payload, (ulong)(time / UnitOf(time)));
        }

        if (point.IsInLargeGroup)
        {
            WriteNumber(payload, (ulong)point.LargeGroupStart);
            WriteNumber(payload, (ulong)point.LargeGroupReadings);
            WriteNumber(payload, (ulong)point.LargeGroupAllReadings);
        }

        ulong last = 0;
        WriteTaskIds(payload, point.TaskIds, ref last);
        WriteTaskIds(payload, point.Unordered, ref last);
        WriteEarlier(payload, point, last);
        Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload.WrittenSpan, checksum);
        payload.Write(checksum[..ChecksumBytes]);
        return Version + Base64Url.EncodeToString(payload.WrittenSpan);
    }

    /// <exception cref="FormatException">The text is not a resume point of this version, or is damaged.</exception>
    public static ResumePoint Read(string text)
    {
        if (!text.StartsWith(Version, StringComparison.Ordinal) || text.Length > TextLimit)
        {
            throw NotAResumePoint();
        }

        byte[] bytes = Decode(text.AsSpan(Version.Length));
        ReadOnlySpan<byte> payload = bytes.AsSpan(0, bytes.Length - ChecksumBytes);
        if (!bytes.AsSpan(payload.Length).SequenceEqual(SHA256.HashData(payload).AsSpan(0, ChecksumBytes)))
        {
            throw NotAResumePoint();
        }

        var query = new JobQuery
        {
            Type = (JobType?)ReadFilter(ref payload),
            Status = (JobStatus?)ReadFilter(ref payload),
        };
        long offset = (long)ReadNumber(ref payload, OffsetLimit);
        var content = (Content)ReadNumber(ref payload, (ulong)Content.All);
        bool isInLargeGroup = content.HasFlag(Content.IsInLargeGroup);
        long? time = ReadTime(ref payload, content);
        ulong last = 0;
        var point = new ResumePoint
        {
            Query = query,
            Offset = offset,
            HasStarted = content.HasFlag(Content.HasStarted),
            HasEvicted = content.HasFlag(Content.HasEvicted),
            IsInLargeGroup = isInLargeGroup,
            IsIncomplete = content.HasFlag(Content.IsIncomplete),
            IsGroupUnordered = content.HasFlag(Content.IsGroupUnordered),
            HasUnstableTies = content.HasFlag(Content.HasUnstableTies),
            Time = time,
            LargeGroupStart = isInLargeGroup ? (long)ReadNumber(ref payload, OffsetLimit) : 0,
            LargeGroupReadings = isInLargeGroup ? (int)ReadNumber(ref payload, ReadingsLimit) : 0,
            LargeGroupAllReadings = isInLargeGroup ? (int)ReadNumber(ref payload, ReadingsLimit) : 0,
            TaskIds = ReadTaskIds(ref payload, ref last, ResumePoint.UnorderedLimit),
            Unordered = ReadTaskIds(ref payload, ref last, ResumePoint.UnorderedLimit),
            Earlier = time is null ? [] : ReadEarlier(ref payload, time.Value, last),
        };
        return payload.IsEmpty && (point.TaskIds.Count > 0 || point.Time is null) ? point : throw NotAResumePoint();
    }

    private static Content ContentOf(ResumePoint point) =>
        (point.HasStarted ? Content.HasStarted : 0)
        | (point.HasEvicted ? Content.HasEvicted : 0)
        | (point.IsInLargeGroup ? Content.IsInLargeGroup : 0)
        | (point.IsIncomplete ? Content.IsIncomplete : 0)
        | (point.IsGroupUnordered ? Content.IsGroupUnordered : 0)
        | (point.HasUnstableTies ? Content.HasUnstableTies : 0)
        | (point.Time is not { } time ? 0 : UnitOf(time) == 1 ? Content.Ticks : Content.Seconds);

    private static long UnitOf(long time) => time % TimeSpan.TicksPerSecond == 0 ? TimeSpan.TicksPerSecond : 1;

    private static long? ReadTime(ref ReadOnlySpan<byte> payload, Content content)
    {
        const ulong limit = MaxTime;
        return (content & (Content.Seconds | Content.Ticks)) switch
        {
            Content.None => null,
            Content.Seconds => (long)ReadNumber(ref payload, limit / TimeSpan.TicksPerSecond) * TimeSpan.TicksPerSecond,
            Content.Ticks => (long)ReadNumber(ref payload, limit),
            _ => throw NotAResumePoint(),
        };
    }

    // As many as fit into the text, the nearest job first.
    private static void WriteEarlier(ArrayBufferWriter<byte> payload, ResumePoint point, ulong last)
    {
        long before = point.Time ?? 0;
        long unit = UnitOf(before);
        foreach ((string taskId, long time) in point.Earlier)
        {
            var entry = new ArrayBufferWriter<byte>();
            WriteNumber(entry, ZigZag((time - before) / unit));
            WriteTaskId(entry, taskId, ref last);
            if ((time - before) % unit != 0 || payload.WrittenCount + entry.WrittenCount + ChecksumBytes > EarlierBytesLimit)
            {
                break;
            }

            payload.Write(entry.WrittenSpan);
            before = time;
        }
    }

    private static List<(string TaskId, long Time)> ReadEarlier(ref ReadOnlySpan<byte> payload, long before, ulong last)
    {
        long unit = UnitOf(before);
        List<(string TaskId, long Time)> earlier = [];
        while (!payload.IsEmpty && earlier.Count < ResumePoint.EarlierLimit)
        {
            // In a list whose times step back, an earlier job may be older.
            before += FromZigZag(ReadNumber(ref payload, 2 * (ulong)(MaxTime / unit))) * unit;
            if (before is < 0 or > MaxTime)
            {
                throw NotAResumePoint();
            }

            earlier.Add((ReadTaskId(ref payload, ref last), before));
        }

        return earlier;
    }

    private static void WriteTaskIds(ArrayBufferWriter<byte> payload, IReadOnlyList<string> taskIds, ref ulong last)
    {
        WriteNumber(payload, (ulong)taskIds.Count);
        foreach (string taskId in taskIds)
        {
            WriteTaskId(payload, taskId, ref last);
        }
    }

    private static string[] ReadTaskIds(ref ReadOnlySpan<byte> payload, ref ulong last, ulong limit)
    {
        string[] taskIds = new string[ReadNumber(ref payload, limit)];
        for (int i = 0; i < taskIds.Length; i++)
        {
            taskIds[i] = ReadTaskId(ref payload, ref last);
        }

        return taskIds;
    }

    /// <summary>
    /// Ids are usually numbers close to each other, so the difference to the previous id is short. An odd number is the length of an id that is not a number.
    /// </summary>
    private static void WriteTaskId(ArrayBufferWriter<byte> payload, string taskId, ref ulong last)
    {
        if (ulong.TryParse(taskId, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            && unchecked((long)(number - last)) is var difference and > -MaxDifference and < MaxDifference
            && number.ToString(CultureInfo.InvariantCulture) == taskId)
        {
            WriteNumber(payload, ZigZag(difference) << 1);
            last = number;
            return;
        }

        byte[] utf8 = Encoding.UTF8.GetBytes(taskId);
        WriteNumber(payload, ((ulong)utf8.Length << 1) | 1);
        payload.Write(utf8);
    }

    private static string ReadTaskId(ref ReadOnlySpan<byte> payload, ref ulong last)
    {
        ulong number = ReadNumber(ref payload, ulong.MaxValue);
        ulong value = number >> 1;
        if ((number & 1) == 0)
        {
            last = unchecked(last + (ulong)FromZigZag(value));
            return last.ToString(CultureInfo.InvariantCulture);
        }

        if (value == 0 || value > (ulong)payload.Length)
        {
            throw NotAResumePoint();
        }

        string taskId = Encoding.UTF8.GetString(payload[..(int)value]);
        payload = payload[(int)value..];
        return taskId;
    }

    private static int? ReadFilter(ref ReadOnlySpan<byte> payload) =>
        ReadNumber(ref payload, (ulong)int.MaxValue + 1) is var number and > 0 ? (int)(number - 1) : null;

    private static void WriteNumber(ArrayBufferWriter<byte> payload, ulong number)
    {
        Span<byte> span = payload.GetSpan(10);
        int length = 0;
        for (; number >= 0x80; number >>= 7)
        {
            span[length++] = (byte)(number | 0x80);
        }

        span[length++] = (byte)number;
        payload.Advance(length);
    }

    private static ulong ReadNumber(ref ReadOnlySpan<byte> payload, ulong max)
    {
        ulong number = 0;
        for (int i = 0, shift = 0; i < payload.Length && shift < 64; i++, shift += 7)
        {
            number |= (ulong)(payload[i] & 0x7F) << shift;
            if (payload[i] < 0x80)
            {
                payload = payload[(i + 1)..];
                return number <= max ? number : throw NotAResumePoint();
            }
        }

        throw NotAResumePoint();
    }

    private static byte[] Decode(ReadOnlySpan<char> text)
    {
        if (!Base64Url.IsValid(text, out int length) || length < ChecksumBytes)
        {
            throw NotAResumePoint();
        }

        return Base64Url.DecodeFromChars(text);
    }

    // Numbers near zero are short, whether positive or negative.
    private static ulong ZigZag(long number) => unchecked((ulong)((number << 1) ^ (number >> 63)));

    private static long FromZigZag(ulong number) => unchecked((long)((number >> 1) ^ (0 - (number & 1))));

    private static FormatException NotAResumePoint() => new("The text is not a resume point of this version, or is damaged.");
}
