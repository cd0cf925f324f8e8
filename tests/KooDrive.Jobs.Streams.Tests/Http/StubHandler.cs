using System.Net;
using System.Text;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>A server in memory that sends the given responses in turn, repeats the last response, and records the requests.</summary>
internal sealed class StubHandler(params Func<HttpRequestMessage, HttpResponseMessage>[] responses) : HttpMessageHandler
{
    public const string EmptyPage = """{"code":0,"msg":"OK","data":[]}""";

    private readonly List<HttpRequestMessage> _requests = [];

    public IReadOnlyList<HttpRequestMessage> Requests => _requests;

    public static HttpResponseMessage Respond(HttpStatusCode status, string body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    public static HttpResponseMessage Page(string body = EmptyPage) => Respond(HttpStatusCode.OK, body);

    public string Header(int request, string name) => Requests[request].Headers.NonValidated[name].ToString();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _requests.Add(request);
        HttpResponseMessage response = responses[Math.Min(_requests.Count, responses.Length) - 1](request);
        response.RequestMessage ??= request;
        return Task.FromResult(response);
    }
}
