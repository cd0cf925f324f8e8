using System.Text.Json;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>Reads the objects of <c>data</c>. Only an invalid id is rejected; any other invalid value is absent.</summary>
internal struct JobReader(TimeSpan timestampOffset)
{
    private JsonValues _reader = new(timestampOffset);
    private RepeatedExtras _extras;
    private JobValues _values;
    private string? _taskId;

    /// <summary>The member that is being read, for error messages; Unknown between jobs.</summary>
    public JobMember Member { get; private set; } = JobMember.Unknown;

    /// <summary>The members of the last job that are absent because their value was invalid, a bit each.</summary>
    public uint InvalidMembers { get; private set; }

    /// <summary>Reads the object whose start the reader is at.</summary>
    /// <exception cref="FormatException">The id is missing or invalid.</exception>
    public Job Read(ref Utf8JsonReader json)
    {
        _values = default;
        _taskId = null;
        InvalidMembers = 0;
        uint seen = 0;
        JobMember previous = JobMember.Unknown;
        while (json.ReadNext() is JsonTokenType.PropertyName)
        {
            JobMember member = JobMembers.Find(in json, previous);
            if (member is JobMember.Unknown)
            {
                json.SkipMember();
                continue;
            }

            Member = previous = member;
            uint bit = 1u << (int)member;
            bool isRepeated = (seen & bit) != 0;
            seen |= bit;
            json.ReadNext();
            if (isRepeated)
            {
                Clear(member);
            }

            if (isRepeated || !TryRead(member, in json))
            {
                InvalidMembers |= bit;
                json.SkipValue();
            }
        }

        Member = JobMember.TaskId;
        var job = _values.ToJob(_taskId ?? throw new FormatException("is missing"), ref _extras);
        Member = JobMember.Unknown;
        return job;
    }

    private bool TryRead(JobMember member, ref readonly Utf8JsonReader json)
    {
        if (member is not JobMember.TaskId)
        {
            return _values.Read(member, ref _reader, in json) >= 0;
        }

        _taskId = JsonValue.ReadId(in json);
        return true;
    }

    /// <summary>Makes a duplicated member absent, because neither value is known to be correct.</summary>
    private void Clear(JobMember member)
    {
        if (member is JobMember.TaskId)
        {
            throw new FormatException("is duplicated");
        }

        var noValue = new Utf8JsonReader("null"u8);
        noValue.Read();
        TryRead(member, in noValue);
    }

    /// <summary>Reads the values of JSON tokens, whose length is not used.</summary>
    private struct JsonValues(TimeSpan timestampOffset) : IJobValueReader<Utf8JsonReader>
    {
        private RepeatedText _repeated;
        private TimestampReader _times = new(timestampOffset);

        public readonly int ReadInt32(ref readonly Utf8JsonReader source, out int? value) => Length(JsonValue.TryReadInt32(in source, out value));

        public readonly int ReadInt64(ref readonly Utf8JsonReader source, out long? value) => Length(JsonValue.TryReadInt64(in source, out value));

        public int ReadTime(ref readonly Utf8JsonReader source, out JobTime value) => Length(JsonValue.TryReadTime(in source, ref _times, out value));

        public readonly int ReadText(ref readonly Utf8JsonReader source, out string? value) => Length(JsonValue.TryReadText(in source, out value));

        public int ReadRepeatedText(ref readonly Utf8JsonReader source, out string? value) => Length(_repeated.TryRead(in source, out value));

        public int ReadCode(ref readonly Utf8JsonReader source, out long? number, out string? text)
        {
            (number, text) = (null, null);
            if (source.ValueIsEscaped)
            {
                (number, text) = JobExtras.ReadCode(JsonText.Read(in source));
                return 0;
            }

            // Text with leading zeros or a plus sign is not a number.
            bool isText = source.TokenType is JsonTokenType.String && source.ValueSpan is [(byte)'0', _, ..] or [(byte)'-', (byte)'0', ..] or [(byte)'+', ..];
            return Length((!isText && JsonValue.TryReadInt64(in source, out number))
                || (source.TokenType is JsonTokenType.String && _repeated.TryRead(in source, out text)));
        }

        private static int Length(bool isRead) => isRead ? 0 : -1;
    }
}
