using System.Buffers;
using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads jobs with the layout of earlier jobs, in a fraction of the time of reading their tokens: a server always writes the same bytes between two values, such
/// as <c>","status":</c>.
/// </summary>
/// <remarks>
/// A state machine: a state is the end of a value, and a link is the text that followed it, with the value that comes next. A job is read by following the links
/// from value to value. Each text was part of an object that the plain reader accepted, and only a subset of the values that the plain reader accepts is read
/// here, so the result is always that of the plain reader. Any other job (an escape, another order, null instead of a number) is left to the plain reader, and
/// learned afterwards. Not thread-safe.
/// </remarks>
internal sealed class JobLayout(TimeSpan timestampOffset)
{
    // Enough for optional members.
    private const int MaxLinksPerState = 6;
    private const int MaxTextLength = 512;

    // Numbers with up to this many digits cannot overflow.
    private const int MaxSafeDigits = 18;

    // Negative numbers are not read here.
    private const long Absent = -1;

    // The state after a value is 2 * member, plus 1 if the value has quotes, because the text that follows starts with the quote. The other states:
    private const int Start = 2 * ((int)JobMember.Unknown + 1);
    private const int End = Start + 1;

    private static readonly SearchValues<byte> Unescaped =
        SearchValues.Create([.. Enumerable.Range(' ', 0x7F - ' ').Select(code => (byte)code).Except("\"\\"u8.ToArray())]);

    private readonly Link[][] _links = [.. Enumerable.Repeat<Link[]>([], End)];
    private RepeatedText _repeated;
    private RepeatedExtras _extras;
    private TimestampReader _times = new(timestampOffset);

    /// <summary>Whether no job was learned yet.</summary>
    public bool IsEmpty => _links[Start].Length == 0;

    /// <summary>Reads the job at the start of a text; null if its layout is unknown.</summary>
    /// <param name="text">The job and the text after it.</param>
    /// <param name="length">The length of the job.</param>
    public Job? Read(ReadOnlySpan<byte> text, out int length)
    {
        ReadOnlySpan<byte> taskId = default;
        string? containerId = null, tenantId = null, taskName = null, userId = null, downloadUrl = null, resultCodeText = null;
        long type = Absent, action = Absent, status = Absent, result = Absent, progress = Absent, resultCode = Absent, contentCount = Absent;
        DateTimeOffset? begin = null, end = null, create = null;
        uint seen = 0;
        var position = 0;
        length = 0;

        for (var state = Start; ;)
        {
            Link? link = Find(state, text[position..]);
            if (link is null || (seen & link.Members) != 0)
            {
                return null;
            }

            seen |= link.Members;
            position += link.Text.Length;
            state = link.State;
            if (state == End)
            {
                break;
            }

            var isQuoted = (state & 1) != 0;
            var isRead = true;
            switch ((JobMember)(state >> 1))
            {
                case JobMember.TaskId: isRead = TryReadText(text, isQuoted, ref position, out taskId); break;
                case JobMember.TaskType: isRead = TryReadNumber(text, isQuoted, int.MaxValue, ref position, out type); break;
                case JobMember.ActionType: isRead = TryReadNumber(text, isQuoted, int.MaxValue, ref position, out action); break;
                case JobMember.Status: isRead = TryReadNumber(text, isQuoted, int.MaxValue, ref position, out status); break;
                case JobMember.TaskResultCode: isRead = TryReadNumber(text, isQuoted, int.MaxValue, ref position, out result); break;
                case JobMember.ResultCode when isQuoted && StartsWithLetter(text[position..]): isRead = TryReadRepeated(text, isQuoted, ref position, out resultCodeText); break;
                case JobMember.ResultCode: isRead = TryReadNumber(text, isQuoted, long.MaxValue, ref position, out resultCode); break;
                case JobMember.ContentNum: isRead = TryReadNumber(text, isQuoted, long.MaxValue, ref position, out contentCount); break;
                case JobMember.ContainerId: isRead = TryReadRepeated(text, isQuoted, ref position, out containerId); break;
                case JobMember.TenantId: isRead = TryReadRepeated(text, isQuoted, ref position, out tenantId); break;
                case JobMember.BeginTime: isRead = TryReadTime(text, isQuoted, ref position, out begin); break;
                case JobMember.EndTime: isRead = TryReadTime(text, isQuoted, ref position, out end); break;
                case JobMember.CreateTime: isRead = TryReadTime(text, isQuoted, ref position, out create); break;
                case JobMember.TaskName: isRead = TryReadString(text, isQuoted, ref position, out taskName); break;
                case JobMember.UserId: isRead = TryReadRepeated(text, isQuoted, ref position, out userId); break;
                case JobMember.Progress: isRead = TryReadNumber(text, isQuoted, int.MaxValue, ref position, out progress); break;
                case JobMember.DownloadUrl: isRead = TryReadString(text, isQuoted, ref position, out downloadUrl); break;
                default: isRead = TryReadText(text, isQuoted, ref position, out _); break;
            }

            if (!isRead)
            {
                return null;
            }
        }

        if (taskId.IsEmpty)
        {
            return null;
        }

        length = position;
        return new Job
        {
            TaskId = Encoding.ASCII.GetString(taskId),
            Type = type < 0 ? null : (JobType)type,
            Action = action < 0 ? null : (JobAction)action,
            Status = status < 0 ? null : (JobStatus)status,
            Result = result < 0 ? null : (JobResult)result,
            ContentCount = contentCount < 0 ? null : contentCount,
            ContainerId = containerId,
            BeginTime = begin,
            EndTime = end,
            CreateTime = create,
            Extras = _extras.Share(
                tenantId, resultCode < 0 ? null : resultCode, resultCodeText, taskName, userId, progress < 0 ? null : (int)progress, downloadUrl),
        };
    }

    /// <summary>Learns the layout of a job.</summary>
    /// <param name="job">An object that the plain reader accepted, without an invalid value.</param>
    public void Learn(ReadOnlySpan<byte> job)
    {
        var json = new Utf8JsonReader(job);
        json.Read();
        JobMember member = JobMember.Unknown;
        int state = Start, textStart = 0;
        uint members = 0;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            member = JobMembers.Find(in json, member);
            members |= member is JobMember.Unknown ? 0 : 1u << (int)member;
            json.Read();
            var isQuoted = json.TokenType is JsonTokenType.String;
            if (!json.ValueSpan.IsEmpty && FindValue(json.ValueSpan, isQuoted).Length == json.ValueSpan.Length)
            {
                int next = ((int)member << 1) | (isQuoted ? 1 : 0), valueStart = (int)json.TokenStartIndex + (isQuoted ? 1 : 0);
                Add(state, new Link(job[textStart..valueStart].ToArray(), next, members));
                (state, textStart, members) = (next, valueStart + json.ValueSpan.Length, 0);
            }
            else if (member is JobMember.Unknown || json.TokenType is JsonTokenType.Null || json.ValueSpan.IsEmpty)
            {
                // Not read: becomes a part of the text between the values.
                json.Skip();
            }
            else
            {
                return;
            }
        }

        Add(state, new Link(job[textStart..].ToArray(), End, members));
    }

    private Link? Find(int state, ReadOnlySpan<byte> text)
    {
        foreach (Link link in _links[state])
        {
            if (text.StartsWith(link.Text))
            {
                return link;
            }
        }

        return null;
    }

    private void Add(int state, Link link)
    {
        Link[] links = _links[state];
        if (link.Text.Length > MaxTextLength || links.Any(other => other.Text.AsSpan().SequenceEqual(link.Text)))
        {
            return;
        }

        // The longest text first, because one may be a prefix of another. A full state is cleared, because the server may have changed its format.
        _links[state] = links.Length == MaxLinksPerState ? [link] : [.. links.Append(link).OrderByDescending(item => item.Text.Length)];
    }

    /// <summary>Returns the simple value at the start of a text: printable ASCII without escapes, or the digits of an integer.</summary>
    private static ReadOnlySpan<byte> FindValue(ReadOnlySpan<byte> text, bool isQuoted)
    {
        if (!isQuoted && text.StartsWith((byte)'0'))
        {
            return text[..1];
        }

        var length = isQuoted ? text.IndexOfAnyExcept(Unescaped) : text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? text : text[..length];
    }

    /// <summary>Reads digits. The text of the next link proves that the value ends after them.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> text, bool isQuoted, long max, ref int position, out long number)
    {
        var start = position;
        number = 0;
        for (; (uint)position < (uint)text.Length; position++)
        {
            var digit = (uint)(text[position] - '0');
            if (digit > 9)
            {
                break;
            }

            number = (number * 10) + digit;
        }

        var digits = position - start;
        return digits is > 0 and <= MaxSafeDigits && number <= max && (isQuoted || digits == 1 || text[start] != '0');
    }

    // Such text is not a number.
    private static bool StartsWithLetter(ReadOnlySpan<byte> text) => !text.IsEmpty && char.IsAsciiLetter((char)text[0]);

    private static bool TryReadText(ReadOnlySpan<byte> text, bool isQuoted, scoped ref int position, out ReadOnlySpan<byte> value)
    {
        value = FindValue(text[position..], isQuoted);
        position += value.Length;
        return !value.IsEmpty;
    }

    private static bool TryReadString(ReadOnlySpan<byte> text, bool isQuoted, ref int position, out string? value)
    {
        var isRead = TryReadText(text, isQuoted, ref position, out ReadOnlySpan<byte> characters);
        value = isRead ? Encoding.ASCII.GetString(characters) : null;
        return isRead;
    }

    private bool TryReadRepeated(ReadOnlySpan<byte> text, bool isQuoted, ref int position, out string? value)
    {
        var isRead = TryReadText(text, isQuoted, ref position, out ReadOnlySpan<byte> characters);
        value = isRead ? _repeated.Read(characters) : null;
        return isRead;
    }

    private bool TryReadTime(ReadOnlySpan<byte> text, bool isQuoted, ref int position, out DateTimeOffset? time)
    {
        time = null;
        if (text.Length - position < TimestampReader.Length || (!isQuoted && text[position] == '0'))
        {
            return false;
        }

        var isRead = _times.TryRead(text.Slice(position, TimestampReader.Length), out time);
        position += TimestampReader.Length;
        return isRead;
    }

    /// <param name="Text">The text from the end of a value to the start of the next, or to the end of the object.</param>
    /// <param name="State">The state after the next value.</param>
    /// <param name="Members">The members named in the text, a bit each.</param>
    private sealed record Link(byte[] Text, int State, uint Members);
}
