using System.Globalization;
using System.Text.Json;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads the response to a page request: <c>{ "code": 0, "msg": "OK", "data": [ … ] }</c>, with its members in any order. For any bytes, the outcome is
/// a page or a <see cref="JobsResponseException"/>.
/// </summary>
internal ref struct PageReader
{
    // A hundred times the maximum limit of the API.
    private const int MaxJobs = 10_000;

    // Limits the cost with a server whose jobs have no common layout.
    private const int MaxLearnedJobs = 16;

    private readonly ReadOnlySpan<byte> _body;
    private readonly JobLayout? _layout;
    private Utf8JsonReader _json;
    private int _jsonStart;
    private int _learned;
    private JobReader _jobReader;
    private Job[] _jobs;
    private int _count;
    private string? _code;
    private string? _message;
    private Data _data;
    private Data _scope;
    private InvalidFieldCounts? _invalidFields;
    private bool _hasCode;
    private bool _hasMessage;

    private PageReader(ReadOnlySpan<byte> body, int limit, TimeSpan timestampOffset, JobLayout? layout)
    {
        _body = body;
        _layout = layout;
        _json = new Utf8JsonReader(body, isFinalBlock: false, state: default);
        _jobReader = new JobReader(timestampOffset);
        _jobs = new Job[limit];
    }

    private enum Data
    {
        Absent,
        Null,
        Array,
        Other,
    }

    /// <summary>Reads a response.</summary>
    /// <param name="body">The decompressed bytes of the response.</param>
    /// <param name="timestampOffset">The offset from UTC of the timestamps of the server.</param>
    /// <param name="facts">The facts about the request, for the page and the exception.</param>
    /// <param name="layout">The layout of jobs learned so far, which is used and extended; null to read token by token.</param>
    /// <exception cref="JobsResponseException">The response does not follow the API document, or has an error code.</exception>
    public static JobPage Read(ReadOnlySpan<byte> body, TimeSpan timestampOffset, in RequestFacts facts, JobLayout? layout = null)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        body = body.StartsWith(mark) ? body[mark.Length..] : body;
        var reader = new PageReader(body, facts.Limit, timestampOffset, layout);
        try
        {
            if (mark.StartsWith(body))
            {
                throw new EndOfStreamException();
            }

            reader.ReadResponse();
        }
        catch (EndOfStreamException)
        {
            throw new JobsResponseException(FailureText.Truncated(body.Length, facts), facts) { IsTruncated = true };
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            // Utf8JsonReader throws InvalidOperationException for an id that is not UTF-8; invalid characters of other text are replaced.
            // The message of a JsonException quotes the rest of the body, which may contain secrets and control characters.
            throw new JobsResponseException(FailureText.Unreadable(reader.Describe(exception, body), facts), facts, exception is JsonException ? null : exception);
        }

        return reader.ToPage(facts);
    }

    private void ReadResponse()
    {
        if (_json.ReadNext() is not JsonTokenType.StartObject)
        {
            throw new FormatException("it is not a JSON object");
        }

        while (_json.ReadNext() is JsonTokenType.PropertyName)
        {
            if (JsonText.Equals(in _json, "data"u8))
            {
                ThrowIfRepeated(_data is not Data.Absent, "data");
                ReadData();
            }
            else if (JsonText.Equals(in _json, "code"u8))
            {
                ThrowIfRepeated(_hasCode, "code");
                _hasCode = true;
                _code = ReadCode();
            }
            else if (JsonText.Equals(in _json, "msg"u8))
            {
                ThrowIfRepeated(_hasMessage, "msg");
                _hasMessage = true;
                _json.ReadNext();
                if (!JsonValue.TryReadText(in _json, out _message))
                {
                    // Only explains an error.
                    _json.SkipValue();
                }
            }
            else
            {
                _json.SkipMember();
            }
        }

        // Throws for anything but white space after the object.
        _json.Read();
    }

    private void ReadData()
    {
        switch (_json.ReadNext())
        {
            case JsonTokenType.StartArray:
                _data = _scope = Data.Array;
                ReadJobs();
                _scope = Data.Absent;
                break;
            case JsonTokenType.Null:
                _data = Data.Null;
                break;
            default:
                // Rejected at the end, because an error code explains more.
                _data = Data.Other;
                _json.SkipValue();
                break;
        }
    }

    private void ReadJobs()
    {
        if (_layout is { IsEmpty: false })
        {
            ReadFirstWithLayout(_layout);
        }

        while (_json.ReadNext() is not JsonTokenType.EndArray)
        {
            if (_json.TokenType is not JsonTokenType.StartObject)
            {
                throw new FormatException("is not an object");
            }

            int start = _jsonStart + (int)_json.TokenStartIndex;
            Job job = _jobReader.Read(ref _json);
            Add(job);
            if (_jobReader.InvalidMembers != 0)
            {
                _invalidFields ??= new InvalidFieldCounts();
                _invalidFields.Add(_jobReader.InvalidMembers, job.TaskId);
            }

            if (_layout is not null)
            {
                ReadWithLayout(_layout, start);
            }
        }
    }

    /// <summary>Learns from a job that was read token by token, and reads the jobs after it as long as the layout matches.</summary>
    private void ReadWithLayout(JobLayout layout, int start)
    {
        int position = _jsonStart + (int)_json.BytesConsumed, next = position;

        // A job with an invalid value is not learned, because the text between its values may contain a value that must not be skipped.
        if (_learned < MaxLearnedJobs && _jobReader.InvalidMembers == 0)
        {
            _learned++;
            layout.Learn(_body[start..position]);
        }

        ReadNext(layout, next, ref position);

        // The state after any job of the list is the same, so only the position of the reader changes.
        ContinueAt(position);
    }

    /// <summary>Reads the first job and the jobs after it as long as the layout matches.</summary>
    private void ReadFirstWithLayout(JobLayout layout)
    {
        int start = _jsonStart + (int)_json.BytesConsumed, position = start;
        SkipWhiteSpace(ref start);
        if (layout.Read(_body[start..], out int length) is not { } first)
        {
            return;
        }

        Add(first);
        position = start + length;
        ReadNext(layout, position, ref position);

        // The reader is before the first job, where it accepts another job or the end of the list without a comma. Anything else is left to the plain reader.
        int next = position;
        bool isFollowed = IsSeparated(ref next) ? _body[next] == '{' : next < _body.Length && _body[next] == ']';
        ContinueAt(isFollowed ? next : throw new FormatException("is followed by neither a job nor the end of the list"));
    }

    /// <summary>Reads the jobs after a job as long as the layout matches.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="next">The position after the job.</param>
    /// <param name="position">The position after the last job that was read.</param>
    private void ReadNext(JobLayout layout, int next, ref int position)
    {
        while (IsSeparated(ref next) && layout.Read(_body[next..], out int length) is { } job)
        {
            Add(job);
            position = next += length;
        }
    }

    private void ContinueAt(int position)
    {
        _json = new Utf8JsonReader(_body[position..], isFinalBlock: false, _json.CurrentState);
        _jsonStart = position;
    }

    private readonly bool IsSeparated(ref int position)
    {
        SkipWhiteSpace(ref position);
        if (position == _body.Length || _body[position] != ',')
        {
            return false;
        }

        position++;
        SkipWhiteSpace(ref position);
        return position < _body.Length;
    }

    // Usually there is none.
    private readonly void SkipWhiteSpace(ref int position)
    {
        while (position < _body.Length && (_body[position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
        {
            position++;
        }
    }

    private void Add(Job job)
    {
        // The time of a walk grows with the square of the number of jobs on a page.
        if (_count == MaxJobs)
        {
            throw new FormatException($"exceeds the maximum of {MaxJobs} jobs on a page");
        }

        if (_count == _jobs.Length)
        {
            Array.Resize(ref _jobs, _count * 2);
        }

        _jobs[_count] = job;
        _count++;
    }

    private string? ReadCode()
    {
        _json.ReadNext();
        return JsonValue.TryReadText(in _json, out string? code) ? code : throw new FormatException("code is neither text nor a number");
    }

    private static void ThrowIfRepeated(bool repeated, string member)
    {
        if (repeated)
        {
            throw new FormatException($"{member} is duplicated");
        }
    }

    private readonly JobPage ToPage(in RequestFacts facts)
    {
        if (_code is not (null or "0"))
        {
            RequestFacts failed = facts.WithError(_code, _message);
            throw new JobsResponseException(FailureText.Failed(failed), failed);
        }

        // Without a code, only a list proves that the response comes from the API.
        bool accepted = _data is Data.Array || (_data is Data.Null && _code is not null);
        if (!accepted)
        {
            string problem = _data is Data.Other ? "data is not a list" : "it has no data";
            throw new JobsResponseException(FailureText.Unreadable(problem, facts), facts);
        }

        return new JobPage
        {
            Jobs = _count == _jobs.Length ? _jobs : _jobs[.._count],
            Offset = facts.Offset,
            Limit = facts.Limit,
            RequestId = facts.RequestId,
            TraceId = facts.TraceId,
            InvalidFields = _invalidFields?.ToList() ?? [],
        };
    }

    private readonly string Describe(Exception exception, ReadOnlySpan<byte> body)
    {
        if (exception is JsonException)
        {
            return body.TrimStart(" \t\r\n"u8) is [(byte)'<', ..]
                ? "it is a web page of a proxy or a login, not JSON"
                : string.Create(CultureInfo.InvariantCulture, $"it is not valid JSON (at byte {_json.BytesConsumed})");
        }

        string problem = exception is FormatException ? exception.Message : "is not text in UTF-8";
        return (_scope, _jobReader.Member) switch
        {
            (Data.Array, JobMember.Unknown) => string.Create(CultureInfo.InvariantCulture, $"data[{_count}] {problem}"),
            (Data.Array, var member) => string.Create(CultureInfo.InvariantCulture, $"data[{_count}].{JobMembers.NameOf(member)} {problem}"),
            _ => problem,
        };
    }
}
