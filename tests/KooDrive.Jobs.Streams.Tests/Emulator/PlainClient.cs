using System.Globalization;
using System.Net;
using System.Text.Json;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

/// <summary>Talks to an emulator with nothing but HttpClient, so that these tests say nothing of the library.</summary>
internal sealed class PlainClient : IDisposable
{
    public const string JobsPath = "/koodrive/ose/v1/jobs";
    public const string FirstPage = JobsPath + "?offset=0&limit=100";

    private readonly HttpClient _http;
    private readonly TimeProvider _timeProvider;

    public PlainClient(JobsEmulator emulator, TimeProvider? timeProvider = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = emulator.Endpoint };
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    private static CancellationToken TestToken => TestContext.Current.CancellationToken;

    /// <summary>A request with the documented headers and the credentials that an emulator accepts unless told otherwise.</summary>
    public HttpRequestMessage Request(string uri = FirstPage)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Add("Authorization", "Bearer+emulator-access-token");
        request.Headers.Add("X-User-Id", "1505084218764547200");
        request.Headers.Add("X-Date", Date(_timeProvider.GetUtcNow()));
        return request;
    }

    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken? cancellationToken = null) =>
        _http.SendAsync(request, cancellationToken ?? TestToken);

    /// <summary>Sends and gives the answer as soon as its headers are there.</summary>
    public Task<HttpResponseMessage> SendForHeadersAsync(HttpRequestMessage request) =>
        _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestToken);

    public async Task<HttpStatusCode> StatusAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await SendAsync(request);
        return response.StatusCode;
    }

    public Task<HttpStatusCode> StatusAsync(string uri = FirstPage) => StatusAsync(Request(uri));

    public async Task<string> TextAsync(string uri = FirstPage)
    {
        using HttpResponseMessage response = await SendAsync(Request(uri));
        return await response.Content.ReadAsStringAsync(TestToken);
    }

    public async Task<JsonElement> JsonAsync(string uri = FirstPage) => JsonElement.Parse(await TextAsync(uri));

    /// <summary>The task ids of a page, in its order.</summary>
    public async Task<string[]> TaskIdsAsync(string query)
    {
        JsonElement answer = await JsonAsync($"{JobsPath}?{query}");
        return [.. answer.GetProperty("data").EnumerateArray().Select(job => job.GetProperty("taskId").GetString()!)];
    }

    public void Dispose() => _http.Dispose();
}
