using System.Globalization;
using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Tests.Hostile;

/// <summary>A list of jobs on a real socket, whose server answers some requests as a hostile one would.</summary>
internal sealed partial class HostileList : IAsyncDisposable
{
    public const int Count = 60;

    private readonly SocketServer _server;
    private int _requests;

    public HostileList() => _server = new SocketServer(AnswerAsync);

    /// <summary>The answer to the requests that are hit.</summary>
    public HostileResponse Answer { get; set; } = HostileResponse.Good;

    /// <summary>Which requests are hit, by their number from 1 on.</summary>
    public Func<int, bool> Hits { get; set; } = static _ => false;

    public Uri Endpoint => _server.Endpoint;

    public IReadOnlyList<string> Requests => _server.Requests;

    /// <summary>The ids on the list, in its order.</summary>
    public static IReadOnlyList<string> TaskIds { get; } =
        [.. Enumerable.Range(0, Count).Select(i => (1320279189273965056 - i).ToString(CultureInfo.InvariantCulture))];

    public JobsClient Client(
        Action<JobsClientOptions>? change = null, TimeProvider? time = null, ILoggerFactory? log = null, JobsCredential? credential = null) =>
        TestClients.Create(
            options =>
            {
                options.Endpoint = Endpoint;
                options.RetryDelay = TimeSpan.Zero;
                change?.Invoke(options);
            },
            credential,
            timeProvider: time,
            loggerFactory: log);

    public Task StalledAsync() => _server.StalledAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(SocketServer.Connection connection)
    {
        int number = Interlocked.Increment(ref _requests);
        var asked = new RequestedPage(
            long.Parse(Offset().Match(connection.Head).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            int.Parse(Limit().Match(connection.Head).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            $"request-{number}");
        await (Hits(number) ? Answer : HostileResponse.Good).SendAsync(connection, asked);
    }

    [GeneratedRegex("offset=([0-9]+)")]
    private static partial Regex Offset();

    [GeneratedRegex("limit=([0-9]+)")]
    private static partial Regex Limit();
}

/// <summary>What was asked for, and the id that the answer has.</summary>
internal sealed record RequestedPage(long Offset, int Limit, string RequestId)
{
    /// <summary>The right answer, written as is usual.</summary>
    public string Body => Write();

    /// <summary>The right answer, or one that differs in how ids are written or in further members.</summary>
    public string Write(Func<string, string>? writeId = null, string members = "") =>
        $"{{\"code\":0,\"msg\":\"OK\",\"data\":[{string.Join(',', HostileList.TaskIds.Skip((int)Offset).Take(Limit).Select(taskId =>
            $"{{\"taskId\":{writeId?.Invoke(taskId) ?? $"\"{taskId}\""},\"taskType\":2,\"status\":2,\"taskResultCode\":1,\"createTime\":\"202601010000{59 - (int)((1320279189273965056 - long.Parse(taskId, CultureInfo.InvariantCulture)) % 60):D2}\"{members}}}"))}]}}";
}
