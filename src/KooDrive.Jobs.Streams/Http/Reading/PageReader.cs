using System.Globalization;
using System.Text.Json;
using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>
/// Reads the answer to a page request: <c>{ "code": 0, "msg": "OK", "data": [ … ] }</c>, its members in any order. For any bytes at
/// all the outcome is a page or a <see cref="JobsResponseException"/>.
/// </summary>
internal ref struct PageReader
{
    // A server whose jobs have no layout costs little in vain.
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

    /// <summary>Reads a whole answer.</summary>
    /// <param name="body">The answer's bytes, decompressed.</param>
    /// <param name="timestampOffset">The offset from UTC in which the server writes its times.</param>
    /// <param name="facts">What is known about the request, for the page and the exception.</param>
    /// <param name="layout">How jobs were written so far, to read by and to learn into; null to read plainly.</param>
    /// <exception cref="JobsResponseException">The answer is not the API's, or it reports a failure.</exception>
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
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // InvalidOperationException is how the reader says that an id is not UTF-8: any other text is repaired.
            throw new JobsResponseException(FailureText.Unreadable(reader.Describe(e, body), facts), facts, e);
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
                    // It only explains a failure.
                    _json.SkipValue();
                }
            }
            else
            {
                _json.SkipMember();
            }
        }

        // Anything but white space behind the object makes the reader throw.
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
                // Refused at the end: a code that tells a failure explains more.
                _data = Data.Other;
                _json.SkipValue();
                break;
        }
    }

    private void ReadJobs()
    {
        while (_json.ReadNext() is not JsonTokenType.EndArray)
        {
            if (_json.TokenType is not JsonTokenType.StartObject)
            {
                throw new FormatException("is not an object");
            }

            var start = _jsonStart + (int)_json.TokenStartIndex;
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

    /// <summary>Behind a job that was read token by token: learns from it, and goes on job by job as long as the layout knows them.</summary>
    private void ReadWithLayout(JobLayout layout, int start)
    {
        int position = _jsonStart + (int)_json.BytesConsumed, next = position;

        // What is between the values of a job with an invalid one may be a value that must not be skipped.
        if ((_count > 1 || layout.IsEmpty) && _learned < MaxLearnedJobs && _jobReader.InvalidMembers == 0)
        {
            _learned++;
            layout.Learn(_body[start..position]);
        }

        while (IsSeparated(ref next) && layout.Read(_body[next..], out int length) is { } job)
        {
            Add(job);
            position = next += length;
        }

        // The reader has just read a job of the list, and so it has again: only the place differs.
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

    // Mostly there is none.
    private readonly void SkipWhiteSpace(ref int position)
    {
        while (position < _body.Length && (_body[position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
        {
            position++;
        }
    }

    private void Add(Job job)
    {
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
            throw new FormatException($"{member} is duplicated, and nothing says which is right");
        }
    }

    private readonly JobPage ToPage(in RequestFacts facts)
    {
        if (_code is not (null or "0"))
        {
            RequestFacts told = facts.WithError(_code, _message);
            throw new JobsResponseException(FailureText.Failed(told), told);
        }

        // Without a code only a list proves that this is the API's answer.
        var accepted = _data is Data.Array || (_data is Data.Null && _code is not null);
        if (!accepted)
        {
            var problem = _data is Data.Other ? "data is not a list" : "it has no data";
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
                ? "it is a web page, as proxies and login pages send it, and not JSON"
                : string.Create(CultureInfo.InvariantCulture, $"it is not JSON that can be read (at byte {_json.BytesConsumed})");
        }

        var problem = exception is FormatException ? exception.Message : "is not text in UTF-8";
        return (_scope, _jobReader.Member) switch
        {
            (Data.Array, JobMember.Unknown) => string.Create(CultureInfo.InvariantCulture, $"data[{_count}] {problem}"),
            (Data.Array, var member) => string.Create(CultureInfo.InvariantCulture, $"data[{_count}].{JobMembers.NameOf(member)} {problem}"),
            _ => problem,
        };
    }
}
