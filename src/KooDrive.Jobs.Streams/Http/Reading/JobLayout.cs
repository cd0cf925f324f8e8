using System.Buffers;
using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads jobs by how earlier ones were written, in a fraction of the time that reading their tokens takes. A program wrote them, so
/// what stands between two values (<c>","status":</c>) is the same bytes again and again.
/// </summary>
/// <remarks>
/// It knows, for each place in an object, the few texts that have followed it and the value that each leads to; a job is read by going
/// from value to value along these links. Each text was part of an object that the plain reader accepted, from the end of one value to
/// the beginning of the next, and the values are held to a part of what the plain reader takes. So what is read here is what the plain
/// reader would have read. Anything else (an escape, another order, a null that was a number) is left to it, and learned from it.
/// Not for several threads at once.
/// </remarks>
internal sealed class JobLayout(TimeSpan timestampOffset)
{
    // Room for members that come and go.
    private const int MaxLinksPerState = 6;
    private const int MaxTextLength = 512;

    // Numbers of so many digits cannot overflow.
    private const int MaxSafeDigits = 18;

    // No number that is read here is negative.
    private const long Absent = -1;

    // A place is the end of a member's value; with or without quotes, because what follows begins with them. Or one of these.
    private const int Start = 2 * ((int)JobMember.Unknown + 1);
    private const int End = Start + 1;

    private static readonly SearchValues<byte> Unescaped =
        SearchValues.Create([.. Enumerable.Range(' ', 0x7F - ' ').Select(code => (byte)code).Except("\"\\"u8.ToArray())]);

    private readonly Link[][] _links = [.. Enumerable.Repeat<Link[]>([], End)];
    private RepeatedText _repeated;
    private RepeatedExtras _extras;
    private TimestampReader _times = new(timestampOffset);

    /// <summary>Whether nothing was learned yet.</summary>
    public bool IsEmpty => _links[Start].Length == 0;

    /// <summary>Reads the job that a text begins with; null when it is not written like those before.</summary>
    /// <param name="text">The job and whatever follows it.</param>
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

        for (var place = Start; ;)
        {
            Link? link = Find(place, text[position..]);
            if (link is null || (seen & link.Members) != 0)
            {
                return null;
            }

            seen |= link.Members;
            position += link.Text.Length;
            place = link.State;
            if (place == End)
            {
                break;
            }

            var isQuoted = (place & 1) != 0;
            var isRead = true;
            switch ((JobMember)(place >> 1))
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

    /// <summary>Takes note of how a job was written.</summary>
    /// <param name="job">Exactly an object that the plain reader accepted, without an invalid value.</param>
    public void Learn(ReadOnlySpan<byte> job)
    {
        var json = new Utf8JsonReader(job);
        json.Read();
        JobMember member = JobMember.Unknown;
        int place = Start, textStart = 0;
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
                Add(place, new Link(job[textStart..valueStart].ToArray(), next, members));
                (place, textStart, members) = (next, valueStart + json.ValueSpan.Length, 0);
            }
            else if (member is JobMember.Unknown || json.TokenType is JsonTokenType.Null || json.ValueSpan.IsEmpty)
            {
                // Nothing to read: it becomes part of the text between the values.
                json.Skip();
            }
            else
            {
                return;
            }
        }

        Add(place, new Link(job[textStart..].ToArray(), End, members));
    }

    private Link? Find(int place, ReadOnlySpan<byte> text)
    {
        foreach (Link link in _links[place])
        {
            if (text.StartsWith(link.Text))
            {
                return link;
            }
        }

        return null;
    }

    private void Add(int place, Link link)
    {
        Link[] links = _links[place];
        if (link.Text.Length > MaxTextLength || links.Any(known => known.Text.AsSpan().SequenceEqual(link.Text)))
        {
            return;
        }

        // The longest first, because one may begin like another. A place that is full begins anew: the server may have changed.
        _links[place] = links.Length == MaxLinksPerState ? [link] : [.. links.Append(link).OrderByDescending(one => one.Text.Length)];
    }

    /// <summary>The value that a text begins with, as far as it is simple: printable ASCII without escapes, or a whole number.</summary>
    private static ReadOnlySpan<byte> FindValue(ReadOnlySpan<byte> text, bool isQuoted)
    {
        if (!isQuoted && text.StartsWith((byte)'0'))
        {
            return text[..1];
        }

        var length = isQuoted ? text.IndexOfAnyExcept(Unescaped) : text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? text : text[..length];
    }

    /// <summary>Digits alone. That nothing of the value is left behind them, the text that has to follow shows.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> text, bool isQuoted, long most, ref int position, out long number)
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
        return digits is > 0 and <= MaxSafeDigits && number <= most && (isQuoted || digits == 1 || text[start] != '0');
    }

    // Such a text is not a number, so that it is no use to try.
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

    /// <param name="Text">From the end of one value to the beginning of the next, or to the end of the object.</param>
    /// <param name="State">Where it leads.</param>
    /// <param name="Members">The members named in it, a bit each.</param>
    private sealed record Link(byte[] Text, int State, uint Members);
}
