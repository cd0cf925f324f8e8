using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>
/// A list of jobs as the server writes it, rendered once, so that serving a page costs next to nothing and what is measured is the
/// client.
/// </summary>
/// <remarks>
/// The same jobs for the same count: newest first, ids like the documented ones, the members in the documented order, those without a
/// value left out. The newest few are unfinished, unless others are named; the rest ended in all the documented ways, mostly well.
/// </remarks>
internal sealed class RenderedJobs
{
    private static readonly byte[] Head = "{\"data\":["u8.ToArray();
    private static readonly byte[] Tail = "],\"code\":0,\"msg\":\"OK\"}"u8.ToArray();

    private readonly byte[] _text;
    private readonly int[] _starts;
    private readonly int[] _all;
    private readonly Dictionary<int, int[]> _byStatus;
    private readonly ConcurrentDictionary<PageAsked, byte[]> _pages = new();

    /// <param name="count">How many jobs.</param>
    /// <param name="unfinished">The status of an unfinished job by its place in the list; null for a finished one.</param>
    /// <param name="unfinishedResult">The result that unfinished jobs tell; null for none.</param>
    /// <param name="tieSize">How many jobs share a creation time. The ids of these jobs are in ascending order, unlike all others.</param>
    public RenderedJobs(int count, Func<int, int?>? unfinished = null, int? unfinishedResult = null, int tieSize = 1)
    {
        unfinished ??= place => place < 20 ? place % 2 : null;
        var random = new Random(4711);
        var text = new StringBuilder();
        _all = [.. Enumerable.Range(0, count).Chunk(tieSize).SelectMany(places => places.Reverse())];
        _byStatus = _all
            .Where(place => unfinished(place) is not null)
            .GroupBy(place => unfinished(place)!.Value)
            .ToDictionary(places => places.Key, places => places.ToArray());
        _starts = new int[count + 1];
        var taskIds = new string[count];
        long id = 1_320_279_189_273_965_056;
        for (var i = 0; i < count; i++)
        {
            _starts[i] = text.Length;
            taskIds[i] = id.ToString(CultureInfo.InvariantCulture);
            Render(text, taskIds[i], i - (i % tieSize), unfinished(i), unfinishedResult, random);
            text.Append(',');
            id -= (random.NextInt64(60_000) << 23) + random.NextInt64(1, 4096);
        }

        _starts[count] = text.Length;
        _text = Encoding.ASCII.GetBytes(text.ToString());
        Tally = _all.Aggregate(default(Tally), (tally, place) => tally.Add(taskIds[place]));
    }

    public int Count => _starts.Length - 1;

    /// <summary>The expected result of reading the whole list.</summary>
    public Tally Tally { get; }

    /// <summary>A whole answer. Kept, because every run asks for the same ones.</summary>
    public byte[] Page(PageAsked asked) => _pages.GetOrAdd(asked, static (asked, jobs) => jobs.Join(asked), this);

    private byte[] Join(PageAsked asked)
    {
        int[] places = asked.Status is { } status ? _byStatus.GetValueOrDefault(status, []) : _all;
        var page = new ArrayBufferWriter<byte>();
        page.Write(Head);
        foreach (int place in places.Skip((int)asked.Offset).Take(asked.Limit))
        {
            page.Write(_text.AsSpan(_starts[place].._starts[place + 1]));
        }

        // Without the comma behind the last one.
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
