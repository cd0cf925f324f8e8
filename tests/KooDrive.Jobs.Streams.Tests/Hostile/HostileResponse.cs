using System.IO.Compression;
using System.Text;
using KooDrive.Jobs.Streams.Tests.Http;
using Connection = KooDrive.Jobs.Streams.Tests.Http.SocketServer.Connection;

namespace KooDrive.Jobs.Streams.Tests.Hostile;

/// <summary>A way in which a server answers; most of them badly.</summary>
/// <param name="SendAsync">Answers.</param>
/// <param name="Failure">What it ends in when it lasts; null when it can be read.</param>
/// <param name="IsTransient">Whether it is worth another try.</param>
/// <param name="Says">What the message says.</param>
/// <param name="HasRequestId">Whether it gets as far as telling the id of the request.</param>
internal sealed record HostileResponse(
    Func<Connection, RequestedPage, Task> SendAsync, Type? Failure = null, bool IsTransient = false, string Says = "", bool HasRequestId = true)
{
    private static readonly byte[] BombPart = Compress(new string(' ', 1 << 20));

    public static HostileResponse Good { get; } = Body(asked => asked.Body);

    /// <summary>Answers that are the API's, whatever they look like.</summary>
    public static IReadOnlyDictionary<string, HostileResponse> Readable { get; } = new Dictionary<string, HostileResponse>
    {
        ["close-delimited HTTP/1.0"] = Raw(asked => $"HTTP/1.0 200 OK\r\n\r\n{asked.Body}"),
        ["close-delimited HTTP/1.1"] = Raw(asked => $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{asked.Body}"),
        ["chunks of seven bytes"] = Raw(asked => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + string.Concat(asked.Body.Chunk(7).Select(chunk => $"{chunk.Length:x}\r\n{new string(chunk)}\r\n")) + "0\r\n\r\n"),
        ["ids as numbers"] = Body(asked => asked.Write(taskId => taskId)),
        ["a byte order mark"] = Body(asked => '\uFEFF' + asked.Body),
        ["the code as text"] = Body(asked => asked.Body.Replace("\"code\":0", "\"code\":\"0\"", StringComparison.Ordinal)),
        ["unknown members"] = Body(asked => asked.Write(members: ",\"x\":{\"y\":[1,2,{}]},\"z\":null")),
        ["integers beyond their range"] = Body(asked => asked.Write(members: ",\"contentNum\":99999999999999999999")),
        ["values of other types"] = Body(asked => asked.Write(members: ",\"progress\":45.5,\"userId\":[{}],\"endTime\":\"-\",\"resultCode\":\"KD.1\"")),
        ["duplicate members"] = Body(asked => asked.Write(members: ",\"status\":2")),
        ["broken surrogates"] = Body(asked => asked.Write(members: ",\"taskName\":\"\\ud800\"")),
        ["invalid UTF-8"] = new(
            async (connection, asked) =>
            {
                byte[] body = Encoding.UTF8.GetBytes(asked.Write(members: ",\"containerId\":\"?\""));
                body.AsSpan().Replace((byte)'?', (byte)0xFF);
                await connection.SendAsync(Head(asked, $"200 OK\r\nContent-Length: {body.Length}"));
                await connection.SendAsync(body);
            }),
    };

    /// <summary>Answers that are no page.</summary>
    public static IReadOnlyDictionary<string, HostileResponse> Broken { get; } = new Dictionary<string, HostileResponse>
    {
        ["500"] = Status("500 Internal Server Error", """{"code":"500","msg":"oops"}""", typeof(JobsServerException), isTransient: true, "oops"),
        ["429"] = Status("429 Too Many Requests\r\nRetry-After: 0", "{}", typeof(JobsThrottledException), isTransient: true, "fewer requests"),
        ["401"] = Status("401 Unauthorized", """{"code":401}""", typeof(JobsAuthenticationException), isTransient: false, "refused the credentials"),
        ["403"] = Status("403 Forbidden", "", typeof(JobsAuthenticationException), isTransient: false, "does not allow"),
        ["404"] = Status("404 Not Found", "", typeof(JobsRequestException), isTransient: false, "HTTP 404"),
        ["502 with HTML"] = Status("502 Bad Gateway", "<html><h1>Bad Gateway</h1></html>", typeof(JobsServerException), isTransient: true, "HTTP 502"),
        ["200 with HTML"] = Status("200 OK", "<html>log in first</html>", typeof(JobsResponseException), isTransient: false, "not the API's"),
        ["200 with an error code"] = Status("200 OK", """{"code":13000102,"msg":"no"}""", typeof(JobsResponseException), isTransient: false, "13000102"),
        ["204"] = Status("204 No Content", "", typeof(JobsResponseException), isTransient: false, "HTTP 204"),
        ["a reset"] = Breaks(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        }),
        ["a reset within the body"] = Breaks(async connection =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"code\":0,");
            connection.Reset();
        }),
        ["a close without a byte"] = Breaks(_ => Task.CompletedTask),
        ["no HTTP"] = Breaks(connection => connection.SendAsync("not HTTP at all\r\n\r\n")),
        ["half a head"] = Breaks(connection => connection.SendAsync("HTTP/1.1 200 OK\r\nX-Half")),
        ["a Content-Length too long"] = Broke("Content-Length: 50000\r\n", body => body),
        ["a Content-Length too short"] = EndsEarly("Content-Length: 40\r\n", body => body),
        ["a broken chunk"] = Broke("Transfer-Encoding: chunked\r\n", body => $"20\r\n{body[..10]}"),
        ["no chunk"] = Broke("Transfer-Encoding: chunked\r\n", _ => "no chunk\r\n"),
        ["half a document"] = EndsEarly("Connection: close\r\n", body => body[..(body.Length / 2)]),
        ["no body"] = EndsEarly("Content-Length: 0\r\n", _ => ""),
        ["damaged gzip"] = Broke("Content-Encoding: gzip\r\nContent-Length: 4\r\n", _ => "nope"),
        ["damaged brotli"] = Broke("Content-Encoding: br\r\nContent-Length: 200\r\n", _ => new string('~', 200)),
        ["a body without end"] = TooLarge("", async connection =>
        {
            ReadOnlyMemory<byte> spaces = Encoding.ASCII.GetBytes(new string(' ', 1 << 16));
            while (true)
            {
                await connection.SendAsync(spaces);
            }
        }),
        ["a body of 200 MB"] = TooLarge("Content-Length: 209715200\r\n", async connection =>
        {
            ReadOnlyMemory<byte> spaces = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
            for (int i = 0; i < 200; i++)
            {
                await connection.SendAsync(spaces);
            }
        }),
        ["a gzip bomb"] = TooLarge($"Content-Encoding: gzip\r\nContent-Length: {200 * BombPart.Length}\r\n", async connection =>
        {
            for (int i = 0; i < 200; i++)
            {
                await connection.SendAsync(BombPart);
            }
        }),
        ["data an object"] = NotTheApis(_ => """{"code":0,"data":{"taskId":"1"}}""", "data"),
        ["data absent"] = NotTheApis(_ => """{"code":0,"msg":"OK"}""", "it has no data"),
        ["no document"] = NotTheApis(_ => "[]", "not the API's"),
        ["nested a thousand deep"] = NotTheApis(_ => "{\"code\":0,\"x\":" + new string('[', 1000) + new string(']', 1000) + ",\"data\":[]}", "not JSON that can be read"),
        ["duplicate ids"] = NotTheApis(asked => asked.Write(members: ",\"taskId\":\"2\""), "taskId is duplicated"),
        ["a job without an id"] = NotTheApis(_ => """{"code":0,"data":[{"taskType":2}]}""", "taskId"),
        ["a redirect to another host"] = Status("302 Found\r\nLocation: https://elsewhere.example/", "", typeof(JobsResponseException), isTransient: false, "elsewhere.example"),
    };

    private static HostileResponse Raw(Func<RequestedPage, string> answer) => new((connection, asked) => connection.SendAsync(answer(asked)));

    private static HostileResponse Body(Func<RequestedPage, string> body) =>
        new((connection, asked) => connection.SendAsync(SocketServer.Ok(body(asked), $"X-Request-Id: {asked.RequestId}\r\n")));

    private static HostileResponse NotTheApis(Func<RequestedPage, string> body, string says) => Body(body) with { Failure = typeof(JobsResponseException), Says = says };

    public static HostileResponse Status(string status, string body, Type failure, bool isTransient, string says) => new(
        (connection, asked) => connection.SendAsync(Head(asked, $"{status}\r\nContent-Length: {body.Length}") + body), failure, isTransient, says);

    private static HostileResponse Breaks(Func<Connection, Task> send) =>
        new((connection, _) => send(connection), typeof(JobsConnectionException), IsTransient: true, "No complete answer came", HasRequestId: false);

    private static HostileResponse Broke(string headers, Func<string, string> body) => new(
        (connection, asked) => connection.SendAsync(Head(asked, $"200 OK\r\n{headers.TrimEnd()}") + body(asked.Body)),
        typeof(JobsConnectionException),
        IsTransient: true);

    private static HostileResponse EndsEarly(string headers, Func<string, string> body) =>
        Broke(headers, body) with { Failure = typeof(JobsResponseException), Says = "ended too early" };

    private static HostileResponse TooLarge(string headers, Func<Connection, Task> send) => new(
        async (connection, asked) =>
        {
            await connection.SendAsync(Head(asked, $"200 OK\r\n{headers}".TrimEnd()));
            await send(connection);
        },
        typeof(JobsResponseException),
        Says: "more than 8,388,608 bytes");

    private static string Head(RequestedPage asked, string status) => $"HTTP/1.1 {status}\r\nX-Request-Id: {asked.RequestId}\r\nConnection: close\r\n\r\n";

    private static byte[] Compress(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.ASCII.GetBytes(text));
        }

        return compressed.ToArray();
    }
}
