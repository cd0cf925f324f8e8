using System.Globalization;
using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Tests.Hostile;

/// <summary>A list of jobs on a real socket, whose server sends hostile responses to some requests.</summary>
internal sealed partial class HostileList : IAsyncDisposable
{
    public const int Count = 60;

    private readonly SocketServer _server;
    private int _requests;

    public HostileList() => _server = new SocketServer(RespondAsync);

    /// <summary>The response to the selected requests.</summary>
    public HostileResponse Response { get; set; } = HostileResponse.Good;

    /// <summary>Selects requests by their number, which starts at 1.</summary>
    public Func<int, bool> Hits { get; set; } = static _ => false;

    public Uri Endpoint => _server.Endpoint;

    public IReadOnlyList<string> Requests => _server.Requests;

    /// <summary>The ids in the order of the list.</summary>
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

    private async Task RespondAsync(SocketServer.Connection connection)
    {
        int number = Interlocked.Increment(ref _requests);
        var requested = new RequestedPage(
            long.Parse(Offset().Match(connection.Head).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            int.Parse(Limit().Match(connection.Head).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            $"request-{number}");
        await (Hits(number) ? Response : HostileResponse.Good).SendAsync(connection, requested);
    }

    [GeneratedRegex("offset=([0-9]+)")]
    private static partial Regex Offset();

    [GeneratedRegex("limit=([0-9]+)")]
    private static partial Regex Limit();
}

/// <summary>The requested range, and the id of the response.</summary>
internal sealed record RequestedPage(long Offset, int Limit, string RequestId)
{
    /// <summary>The correct response in the usual format.</summary>
    public string Body => Write();

    /// <summary>The correct response, or a response with another format of ids or additional members.</summary>
    public string Write(Func<string, string>? writeId = null, string members = "") =>
        $"{{\"code\":0,\"msg\":\"OK\",\"data\":[{string.Join(',', HostileList.TaskIds.Skip((int)Offset).Take(Limit).Select(taskId =>
            $"{{\"taskId\":{writeId?.Invoke(taskId) ?? $"\"{taskId}\""},\"taskType\":2,\"status\":2,\"taskResultCode\":1,\"createTime\":\"202601010000{59 - (int)((1320279189273965056 - long.Parse(taskId, CultureInfo.InvariantCulture)) % 60):D2}\"{members}}}"))}]}}";
}
