using System.IO.Compression;
using System.Text;
using KooDrive.Jobs.Streams.Tests.Http;
using Connection = KooDrive.Jobs.Streams.Tests.Http.SocketServer.Connection;

namespace KooDrive.Jobs.Streams.Tests.Hostile;

/// <summary>A response of a hostile server.</summary>
/// <param name="SendAsync">Sends the response.</param>
/// <param name="Failure">The type of the exception if every response is this response; null if the response can be read.</param>
/// <param name="IsTransient">Whether the exception is transient.</param>
/// <param name="Says">A part of the message.</param>
/// <param name="HasRequestId">Whether the response has a request id.</param>
internal sealed record HostileResponse(
    Func<Connection, RequestedPage, Task> SendAsync, Type? Failure = null, bool IsTransient = false, string Says = "", bool HasRequestId = true)
{
    private static readonly byte[] BombPart = Compress(new string(' ', 1 << 20));

    public static HostileResponse Good { get; } = Body(requested => requested.Body);

    /// <summary>Responses that follow the API document.</summary>
    public static IReadOnlyDictionary<string, HostileResponse> Readable { get; } = new Dictionary<string, HostileResponse>
    {
        ["close-delimited HTTP/1.0"] = Raw(requested => $"HTTP/1.0 200 OK\r\n\r\n{requested.Body}"),
        ["close-delimited HTTP/1.1"] = Raw(requested => $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{requested.Body}"),
        ["chunks of seven bytes"] = Raw(requested => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + string.Concat(requested.Body.Chunk(7).Select(chunk => $"{chunk.Length:x}\r\n{new string(chunk)}\r\n")) + "0\r\n\r\n"),
        ["ids as numbers"] = Body(requested => requested.Write(taskId => taskId)),
        ["a byte order mark"] = Body(requested => '\uFEFF' + requested.Body),
        ["the code as text"] = Body(requested => requested.Body.Replace("\"code\":0", "\"code\":\"0\"", StringComparison.Ordinal)),
        ["unknown members"] = Body(requested => requested.Write(members: ",\"x\":{\"y\":[1,2,{}]},\"z\":null")),
        ["integers beyond their range"] = Body(requested => requested.Write(members: ",\"contentNum\":99999999999999999999")),
        ["values of other types"] = Body(requested => requested.Write(members: ",\"progress\":45.5,\"userId\":[{}],\"endTime\":\"-\",\"resultCode\":\"KD.1\"")),
        ["duplicate members"] = Body(requested => requested.Write(members: ",\"status\":2")),
        ["broken surrogates"] = Body(requested => requested.Write(members: ",\"taskName\":\"\\ud800\"")),
        ["invalid UTF-8"] = new(
            async (connection, requested) =>
            {
                byte[] body = Encoding.UTF8.GetBytes(requested.Write(members: ",\"containerId\":\"?\""));
                body.AsSpan().Replace((byte)'?', (byte)0xFF);
                await connection.SendAsync(Head(requested, $"200 OK\r\nContent-Length: {body.Length}"));
                await connection.SendAsync(body);
            }),
    };

    /// <summary>Responses that are not a page.</summary>
    public static IReadOnlyDictionary<string, HostileResponse> Broken { get; } = new Dictionary<string, HostileResponse>
    {
        ["500"] = Status("500 Internal Server Error", """{"code":"500","msg":"oops"}""", typeof(JobsServerException), isTransient: true, "oops"),
        ["429"] = Status("429 Too Many Requests\r\nRetry-After: 0", "{}", typeof(JobsThrottledException), isTransient: true, "too many requests"),
        ["401"] = Status("401 Unauthorized", """{"code":401}""", typeof(JobsAuthenticationException), isTransient: false, "rejected the credentials"),
        ["403"] = Status("403 Forbidden", "", typeof(JobsAuthenticationException), isTransient: false, "is not allowed"),
        ["404"] = Status("404 Not Found", "", typeof(JobsRequestException), isTransient: false, "HTTP 404"),
        ["502 with HTML"] = Status("502 Bad Gateway", "<html><h1>Bad Gateway</h1></html>", typeof(JobsServerException), isTransient: true, "HTTP 502"),
        ["200 with HTML"] = Status("200 OK", "<html>log in first</html>", typeof(JobsResponseException), isTransient: false, "does not come from the API"),
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
        ["no document"] = NotTheApis(_ => "[]", "does not come from the API"),
        ["nested a thousand deep"] = NotTheApis(_ => "{\"code\":0,\"x\":" + new string('[', 1000) + new string(']', 1000) + ",\"data\":[]}", "not valid JSON"),
        ["duplicate ids"] = NotTheApis(requested => requested.Write(members: ",\"taskId\":\"2\""), "taskId is duplicated"),
        ["a job without an id"] = NotTheApis(_ => """{"code":0,"data":[{"taskType":2}]}""", "taskId"),
        ["a redirect to another host"] = Status("302 Found\r\nLocation: https://elsewhere.example/", "", typeof(JobsResponseException), isTransient: false, "elsewhere.example"),
    };

    private static HostileResponse Raw(Func<RequestedPage, string> response) => new((connection, requested) => connection.SendAsync(response(requested)));

    private static HostileResponse Body(Func<RequestedPage, string> body) =>
        new((connection, requested) => connection.SendAsync(SocketServer.Ok(body(requested), $"X-Request-Id: {requested.RequestId}\r\n")));

    private static HostileResponse NotTheApis(Func<RequestedPage, string> body, string says) => Body(body) with { Failure = typeof(JobsResponseException), Says = says };

    public static HostileResponse Status(string status, string body, Type failure, bool isTransient, string says) => new(
        (connection, requested) => connection.SendAsync(Head(requested, $"{status}\r\nContent-Length: {body.Length}") + body), failure, isTransient, says);

    private static HostileResponse Breaks(Func<Connection, Task> send) =>
        new((connection, _) => send(connection), typeof(JobsConnectionException), IsTransient: true, "No complete response arrived", HasRequestId: false);

    private static HostileResponse Broke(string headers, Func<string, string> body) => new(
        (connection, requested) => connection.SendAsync(Head(requested, $"200 OK\r\n{headers.TrimEnd()}") + body(requested.Body)),
        typeof(JobsConnectionException),
        IsTransient: true);

    private static HostileResponse EndsEarly(string headers, Func<string, string> body) =>
        Broke(headers, body) with { Failure = typeof(JobsResponseException), Says = "was truncated" };

    private static HostileResponse TooLarge(string headers, Func<Connection, Task> send) => new(
        async (connection, requested) =>
        {
            await connection.SendAsync(Head(requested, $"200 OK\r\n{headers}".TrimEnd()));
            await send(connection);
        },
        typeof(JobsResponseException),
        Says: "more than 8,388,608 bytes");

    private static string Head(RequestedPage requested, string status) => $"HTTP/1.1 {status}\r\nX-Request-Id: {requested.RequestId}\r\nConnection: close\r\n\r\n";

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
