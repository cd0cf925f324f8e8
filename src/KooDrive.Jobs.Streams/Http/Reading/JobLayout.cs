using System.Buffers;
using System.Text;
using System.Text.Json;

namespace KooDrive.Jobs.Streams;

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
    private const int MostLinksFromAPlace = 6;
    private const int LongestText = 512;

    // Numbers of so many digits cannot overflow.
    private const int SafeDigits = 18;

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
        string? containerId = null, tenantId = null, taskName = null, userId = null, downloadUrl = null;
        int? type = null, action = null, status = null, result = null, progress = null;
        long? resultCode = null, contentCount = null;
        DateTimeOffset? begin = null, end = null, create = null;
        uint seen = 0;
        length = 0;

        for (var place = Start; place != End;)
        {
            Link? link = Find(place, text[length..]);
            if (link is null || (seen & link.Members) != 0)
            {
                return null;
            }

            seen |= link.Members;
            length += link.Text.Length;
            place = link.Place;
            if (place == End)
            {
                break;
            }

            ReadOnlySpan<byte> value = FindValue(text[length..], isQuoted: (place & 1) != 0);
            if (value.IsEmpty)
            {
                return null;
            }

            length += value.Length;
            var isRead = true;
            switch ((JobMember)(place >> 1))
            {
                case JobMember.TaskId: taskId = value; break;
                case JobMember.TaskType: isRead = TryRead(value, out type); break;
                case JobMember.ActionType: isRead = TryRead(value, out action); break;
                case JobMember.Status: isRead = TryRead(value, out status); break;
                case JobMember.TaskResultCode: isRead = TryRead(value, out result); break;
                case JobMember.ResultCode: isRead = TryRead(value, out resultCode); break;
                case JobMember.ContentNum: isRead = TryRead(value, out contentCount); break;
                case JobMember.ContainerId: containerId = _repeated.Read(value); break;
                case JobMember.TenantId: tenantId = _repeated.Read(value); break;
                case JobMember.BeginTime: isRead = _times.TryRead(value, out begin); break;
                case JobMember.EndTime: isRead = _times.TryRead(value, out end); break;
                case JobMember.CreateTime: isRead = _times.TryRead(value, out create); break;
                case JobMember.TaskName: taskName = Encoding.ASCII.GetString(value); break;
                case JobMember.UserId: userId = _repeated.Read(value); break;
                case JobMember.Progress: isRead = TryRead(value, out progress); break;
                case JobMember.DownloadUrl: downloadUrl = Encoding.ASCII.GetString(value); break;
            }

            if (!isRead)
            {
                return null;
            }
        }

        return taskId.IsEmpty ? null : new Job
        {
            TaskId = Encoding.ASCII.GetString(taskId),
            Type = (JobType?)type,
            Action = (JobAction?)action,
            Status = (JobStatus?)status,
            Result = (JobResult?)result,
            ContentCount = contentCount,
            ContainerId = containerId,
            BeginTime = begin,
            EndTime = end,
            CreateTime = create,
            Extras = _extras.Share(tenantId, resultCode, taskName, userId, progress, downloadUrl),
        };
    }

    /// <summary>Takes note of how a job was written.</summary>
    /// <param name="job">Exactly an object that the plain reader accepted.</param>
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
        if (link.Text.Length > LongestText || links.Any(known => known.Text.AsSpan().SequenceEqual(link.Text)))
        {
            return;
        }

        // The longest first, because one may begin like another. A place that is full begins anew: the server may have changed.
        _links[place] = links.Length == MostLinksFromAPlace ? [link] : [.. links.Append(link).OrderByDescending(one => one.Text.Length)];
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

    private static bool TryRead(ReadOnlySpan<byte> digits, out int? value)
    {
        var isRead = TryRead(digits, out long? wide) && wide <= int.MaxValue;
        value = (int?)wide;
        return isRead;
    }

    private static bool TryRead(ReadOnlySpan<byte> digits, out long? value)
    {
        long number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                value = null;
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        value = number;
        return digits.Length is > 0 and <= SafeDigits;
    }

    /// <param name="Text">From the end of one value to the beginning of the next, or to the end of the object.</param>
    /// <param name="Place">Where it leads.</param>
    /// <param name="Members">The members named in it, a bit each.</param>
    private sealed record Link(byte[] Text, int Place, uint Members);
}
