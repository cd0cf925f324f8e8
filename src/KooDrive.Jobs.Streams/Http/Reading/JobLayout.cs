using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using KooDrive.Jobs.Streams.Model;

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

    // The length of a value that is not read here.
    private const int Invalid = -1;

    // The state after a value is 2 * member, plus 1 if the value has quotes, because the text that follows starts with the quote. The other states:
    private const int Start = 2 * ((int)JobMember.Unknown + 1);
    private const int End = Start + 1;

    private static readonly SearchValues<byte> Unescaped =
        SearchValues.Create([.. Enumerable.Range(' ', 0x7F - ' ').Select(code => (byte)code).Except("\"\\"u8.ToArray())]);

    private readonly Link[][] _links = [.. Enumerable.Repeat<Link[]>([], End)];
    private LayoutValues _reader = new(timestampOffset);
    private RepeatedExtras _extras;

    /// <summary>Whether no job was learned yet.</summary>
    public bool IsEmpty => _links[Start].Length == 0;

    /// <summary>Reads the job at the start of a text; null if its layout is unknown.</summary>
    /// <param name="text">The job and the text after it.</param>
    /// <param name="length">The length of the job.</param>
    public Job? Read(ReadOnlySpan<byte> text, out int length)
    {
        ReadOnlySpan<byte> taskId = default;
        JobValues values = default;
        uint seen = 0;
        int position = 0;
        length = 0;

        for (int state = Start; ;)
        {
            Link? link = Find(state, text[position..]);
            if (link is null || (seen & link.Members) != 0)
            {
                return null;
            }

            seen |= link.Members;
            position += link.Length;
            state = link.State;
            if (state == End)
            {
                break;
            }

            ReadOnlySpan<byte> source = text[position..];
            _reader.IsQuoted = (state & 1) != 0;
            var member = (JobMember)(state >> 1);
            int valueLength;
            if (member is JobMember.TaskId or JobMember.Unknown)
            {
                ReadOnlySpan<byte> value = FindValue(source, _reader.IsQuoted);
                taskId = member is JobMember.TaskId ? value : taskId;
                valueLength = value.IsEmpty ? Invalid : value.Length;
            }
            else
            {
                valueLength = values.Read(member, ref _reader, in source);
            }

            if (valueLength < 0)
            {
                return null;
            }

            position += valueLength;
        }

        if (taskId.IsEmpty)
        {
            return null;
        }

        length = position;
        return values.ToJob(Encoding.ASCII.GetString(taskId), ref _extras);
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
            bool isQuoted = json.TokenType is JsonTokenType.String;
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
            if (link.IsAtStartOf(text))
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

        int length = isQuoted ? text.IndexOfAnyExcept(Unescaped) : text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? text : text[..length];
    }

    /// <summary>Reads the simple values of a text.</summary>
    private struct LayoutValues(TimeSpan timestampOffset) : IJobValueReader<ReadOnlySpan<byte>>
    {
        private RepeatedText _repeated;
        private TimestampReader _times = new(timestampOffset);

        /// <summary>Whether the next value has quotes.</summary>
        public bool IsQuoted { get; set; }

        public readonly int ReadInt32(ref readonly ReadOnlySpan<byte> source, out int? value)
        {
            int length = ReadNumber(source, int.MaxValue, out long number);
            value = length < 0 ? null : (int)number;
            return length;
        }

        public readonly int ReadInt64(ref readonly ReadOnlySpan<byte> source, out long? value)
        {
            int length = ReadNumber(source, long.MaxValue, out long number);
            value = length < 0 ? null : number;
            return length;
        }

        public int ReadTime(ref readonly ReadOnlySpan<byte> source, out JobTime value)
        {
            value = default;
            return source.Length >= TimestampReader.Length && (IsQuoted || source[0] != '0') && _times.TryRead(source[..TimestampReader.Length], out value)
                ? TimestampReader.Length
                : Invalid;
        }

        public readonly int ReadText(ref readonly ReadOnlySpan<byte> source, out string? value)
        {
            ReadOnlySpan<byte> characters = FindValue(source, IsQuoted);
            value = characters.IsEmpty ? null : Encoding.ASCII.GetString(characters);
            return characters.IsEmpty ? Invalid : characters.Length;
        }

        public int ReadRepeatedText(ref readonly ReadOnlySpan<byte> source, out string? value)
        {
            ReadOnlySpan<byte> characters = FindValue(source, IsQuoted);
            value = characters.IsEmpty ? null : _repeated.Read(characters);
            return characters.IsEmpty ? Invalid : characters.Length;
        }

        public int ReadCode(ref readonly ReadOnlySpan<byte> source, out long? number, out string? text)
        {
            number = null;
            text = null;

            if (IsQuoted && source is [(byte)'0', >= (byte)'0' and <= (byte)'9', ..])
            {
                return Invalid;
            }

            // Text that starts with a letter is not a number.
            return IsQuoted && source is [var first, ..] && char.IsAsciiLetter((char)first)
                ? ReadRepeatedText(in source, out text)
                : ReadInt64(in source, out number);
        }

        // Digits. The text of the next link proves that the value ends after them. Negative numbers are not read here.
        private readonly int ReadNumber(ReadOnlySpan<byte> source, long max, out long number)
        {
            number = 0;
            int length = 0;
            for (; length < source.Length; length++)
            {
                uint digit = (uint)(source[length] - '0');
                if (digit > 9)
                {
                    break;
                }

                number = (number * 10) + digit;
            }

            return length is > 0 and <= MaxSafeDigits && number <= max && (IsQuoted || length == 1 || source[0] != '0') ? length : Invalid;
        }
    }

    /// <param name="text">The text from the end of a value to the start of the next, or to the end of the object.</param>
    /// <param name="state">The state after the next value.</param>
    /// <param name="members">The members named in the text, a bit each.</param>
    private sealed class Link(byte[] text, int state, uint members)
    {
        private const int Word = sizeof(ulong);

        // The first and the last eight bytes, which overlap: most texts have no others.
        private readonly ulong _start = text.Length < Word ? 0 : MemoryMarshal.Read<ulong>(text);
        private readonly ulong _end = text.Length < Word ? 0 : MemoryMarshal.Read<ulong>(text.AsSpan(^Word..));

        public byte[] Text => text;

        public int Length { get; } = text.Length;

        public int State => state;

        public uint Members => members;

        /// <summary>Whether a text starts with this one. Without a call for most texts, because a job has a dozen of them.</summary>
        public bool IsAtStartOf(ReadOnlySpan<byte> other)
        {
            if (Length < Word || other.Length < Length)
            {
                return other.StartsWith(text);
            }

            return MemoryMarshal.Read<ulong>(other) == _start
                && MemoryMarshal.Read<ulong>(other[(Length - Word)..]) == _end
                && (Length <= 2 * Word || other.StartsWith(text));
        }
    }
}
