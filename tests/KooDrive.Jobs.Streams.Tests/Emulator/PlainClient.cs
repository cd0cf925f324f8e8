using System.Globalization;
using System.Net;
using System.Text.Json;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

/// <summary>A client that uses only HttpClient, so that these tests do not depend on the library.</summary>
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

    /// <summary>Creates a request with the documented headers and the default credentials of an emulator.</summary>
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

    /// <summary>Sends a request and returns the response as soon as its headers have arrived.</summary>
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

    /// <summary>Returns the task ids of a page in order.</summary>
    public async Task<string[]> TaskIdsAsync(string query)
    {
        JsonElement response = await JsonAsync($"{JobsPath}?{query}");
        return [.. response.GetProperty("data").EnumerateArray().Select(job => job.GetProperty("taskId").GetString()!)];
    }

    public void Dispose() => _http.Dispose();
}
