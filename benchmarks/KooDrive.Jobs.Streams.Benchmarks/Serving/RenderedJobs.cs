using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>
/// A list of jobs in the server's format, rendered once, so that serving a page costs little and the client is measured.
/// </summary>
/// <remarks>
/// The jobs are a function of the count: newest first, with ids similar to the documented ones and members in the documented order,
/// without members that have no value. The newest few are unfinished, unless specified otherwise. The others have all documented outcomes,
/// mostly success.
/// </remarks>
internal sealed class RenderedJobs
{
    private static readonly byte[] Head = "{\"data\":["u8.ToArray();
    private static readonly byte[] Tail = "],\"code\":0,\"msg\":\"OK\"}"u8.ToArray();

    private readonly byte[] _text;
    private readonly int[] _starts;
    private readonly int[] _all;
    private readonly Dictionary<int, int[]> _byStatus;
    private readonly ConcurrentDictionary<RequestedPage, byte[]> _pages = new();

    /// <param name="count">The number of jobs.</param>
    /// <param name="unfinished">Returns the status of an unfinished job by its position in the list; null for a finished job.</param>
    /// <param name="unfinishedResult">The result of unfinished jobs; null for none.</param>
    /// <param name="tieSize">The number of jobs that share a creation time. The ids of these jobs are in ascending order, unlike all others.</param>
    public RenderedJobs(int count, Func<int, int?>? unfinished = null, int? unfinishedResult = null, int tieSize = 1)
    {
        unfinished ??= index => index < 20 ? index % 2 : null;
        var random = new Random(4711);
        var text = new StringBuilder();
        _all = [.. Enumerable.Range(0, count).Chunk(tieSize).SelectMany(indexes => indexes.Reverse())];
        _byStatus = _all
            .Where(index => unfinished(index) is not null)
            .GroupBy(index => unfinished(index)!.Value)
            .ToDictionary(indexes => indexes.Key, indexes => indexes.ToArray());
        _starts = new int[count + 1];
        string[] taskIds = new string[count];
        long id = 1_320_279_189_273_965_056;
        for (int i = 0; i < count; i++)
        {
            _starts[i] = text.Length;
            taskIds[i] = id.ToString(CultureInfo.InvariantCulture);
            Render(text, taskIds[i], i - (i % tieSize), unfinished(i), unfinishedResult, random);
            text.Append(',');
            id -= (random.NextInt64(60_000) << 23) + random.NextInt64(1, 4096);
        }

        _starts[count] = text.Length;
        _text = Encoding.ASCII.GetBytes(text.ToString());
        Tally = _all.Aggregate(default(Tally), (tally, index) => tally.Add(taskIds[index]));
    }

    public int Count => _starts.Length - 1;

    /// <summary>The expected result of reading the whole list.</summary>
    public Tally Tally { get; }

    /// <summary>Returns a whole response. Responses are cached, because every run requests the same pages.</summary>
    public byte[] Page(RequestedPage requested) => _pages.GetOrAdd(requested, static (requested, jobs) => jobs.Join(requested), this);

    private byte[] Join(RequestedPage requested)
    {
        int[] indexes = requested.Status is { } status ? _byStatus.GetValueOrDefault(status, []) : _all;
        var page = new ArrayBufferWriter<byte>();
        page.Write(Head);
        foreach (int index in indexes.Skip((int)requested.Offset).Take(requested.Limit))
        {
            page.Write(_text.AsSpan(_starts[index].._starts[index + 1]));
        }

        // Without the comma after the last job.
        bool isEmpty = page.WrittenCount == Head.Length;
        return [.. page.WrittenSpan[..(isEmpty ? Head.Length : page.WrittenCount - 1)], .. Tail];
    }

    private static void Render(StringBuilder text, string taskId, int age, int? unfinished, int? unfinishedResult, Random random)
    {
        (int type, int? action) = random.Next(10) switch
        {
            < 3 => (1, 101),
            < 6 => (2, random.Next(3) == 0 ? 202 : 201),
            6 => (3, 301),
            7 => (4, default(int?)),
            8 => (5, random.Next(501, 504)),
            _ => (7, 701),
        };
        (int status, int? result, int? resultCode) = random.Next(20) switch
        {
            0 => (3, default(int?), default(int?)),
            1 => (2, 3, 13000311),
            2 or 3 => (2, 2, null),
            _ => (2, 1, null),
        };
        (status, result, resultCode) = unfinished is { } running ? (running, unfinishedResult, null) : (status, result, resultCode);
        DateTime created = new DateTime(2023, 12, 27, 15, 19, 4).AddSeconds(-age * 30L);
        DateTime began = created.AddSeconds(random.Next(3));
        text.Append(CultureInfo.InvariantCulture, $$"""{"taskId":"{{taskId}}","taskType":{{type}}""");
        AppendNumber(text, "actionType", action);
        AppendNumber(text, "status", status);
        AppendNumber(text, "taskResultCode", result);
        AppendNumber(text, "resultCode", resultCode);
        AppendNumber(text, "contentNum", 1 + (int)(Math.Pow(random.NextDouble(), 4) * 500));
        if (type <= 3)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"containerId\":\"IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef23{random.Next(4)}\"");
        }

        AppendTime(text, "beginTime", status is 0 ? null : began);
        AppendTime(text, "endTime", status is 0 or 1 ? null : began.AddSeconds(random.Next(100)));
        AppendTime(text, "createTime", created);
        text.Append('}');
    }

    private static void AppendNumber(StringBuilder text, string name, int? value)
    {
        if (value is { } number)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"{name}\":{number}");
        }
    }

    private static void AppendTime(StringBuilder text, string name, DateTime? value)
    {
        if (value is { } time)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"{name}\":\"{time:yyyyMMddHHmmss}\"");
        }
    }
}
