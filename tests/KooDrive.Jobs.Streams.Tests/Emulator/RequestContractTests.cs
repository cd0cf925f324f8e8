using System.Net;
using System.Text.Json;
using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class RequestContractTests
{
    [Theory]
    [InlineData("?offset=0&limit=1")]
    [InlineData("?offset=0&limit=100")]
    [InlineData("?limit=2&offset=123456789")]
    [InlineData("?offset=99999999999999999999999999&limit=1")]
    [InlineData("?offset=0&limit=1&type=1&status=0")]
    [InlineData("?offset=0&limit=1&type=7&status=3")]
    [InlineData("?offset=0&limit=1&unknown=1")]
    public async Task Query_in_the_documented_ranges_is_accepted(string query) => Assert.Equal(HttpStatusCode.OK, await StatusOfQuery(query));

    [Theory]
    [InlineData("")]
    [InlineData("?limit=1")]
    [InlineData("?offset=0")]
    [InlineData("?offset=-1&limit=1")]
    [InlineData("?offset=&limit=1")]
    [InlineData("?offset=one&limit=1")]
    [InlineData("?offset=%2B1&limit=1")]
    [InlineData("?offset=0&offset=0&limit=1")]
    [InlineData("?offset=0&limit=0")]
    [InlineData("?offset=0&limit=101")]
    [InlineData("?offset=0&limit=99999999999999999999")]
    [InlineData("?offset=0&limit=1&type=0")]
    [InlineData("?offset=0&limit=1&type=8")]
    [InlineData("?offset=0&limit=1&type=")]
    [InlineData("?offset=0&limit=1&type=1&type=2")]
    [InlineData("?offset=0&limit=1&status=-1")]
    [InlineData("?offset=0&limit=1&status=4")]
    [InlineData("?offset=0&limit=1&status=completed")]
    public async Task Query_outside_the_documented_ranges_is_a_bad_request(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfQuery(query));

    [Theory]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(1, HttpStatusCode.OK)]
    public async Task RejectOffsetZero_rejects_offset_0(int offset, HttpStatusCode expected)
    {
        await using JobsEmulator emulator = await StartAsync(new() { RejectOffsetZero = true });
        using var client = new PlainClient(emulator);

        Assert.Equal(expected, await client.StatusAsync($"{PlainClient.JobsPath}?offset={offset}&limit=2"));
    }

    [Theory]
    [InlineData("X-User-Id", null, HttpStatusCode.BadRequest)]
    [InlineData("X-User-Id", "1505084218764547201", HttpStatusCode.Unauthorized)]
    [InlineData("X-Date", null, HttpStatusCode.BadRequest)]
    [InlineData("X-Date", "2025-11-03T07:01:40Z", HttpStatusCode.BadRequest)]
    [InlineData("X-Date", "20251303T070140Z", HttpStatusCode.BadRequest)]
    [InlineData("X-Date", "20251103T070140", HttpStatusCode.BadRequest)]
    [InlineData("X-Date", "20251103T070140Z", HttpStatusCode.Unauthorized)]
    [InlineData("X-Traceid", "1234567890123456789012345678901234567890123456789012345678", HttpStatusCode.OK)]
    [InlineData("X-Traceid", "123456789012345678901234567890123456789012345678901234567", HttpStatusCode.BadRequest)]
    [InlineData("X-Traceid", "12345678901234567890123456789012345678901234567890123456789", HttpStatusCode.BadRequest)]
    [InlineData("language", "en-US", HttpStatusCode.OK)]
    [InlineData("language", "en_us", HttpStatusCode.OK)]
    [InlineData("language", "zh-Hans-CN", HttpStatusCode.OK)]
    [InlineData("language", "the language of the user", HttpStatusCode.BadRequest)]
    public async Task Header_is_validated_as_documented(string name, string? value, HttpStatusCode expected)
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        HttpRequestMessage request = client.Request();
        request.Headers.Remove(name);
        if (value is not null)
        {
            request.Headers.Add(name, value);
        }

        Assert.Equal(expected, await client.StatusAsync(request));
    }

    [Theory]
    [InlineData(0, HttpStatusCode.OK)]
    [InlineData(-1, HttpStatusCode.OK)]
    [InlineData(-15 * 60, HttpStatusCode.OK)]
    [InlineData((-15 * 60) - 1, HttpStatusCode.Unauthorized)]
    [InlineData(1, HttpStatusCode.Unauthorized)]
    public async Task X_Date_is_accepted_within_the_last_fifteen_minutes(int seconds, HttpStatusCode expected)
    {
        // The end of a second: the fraction, which the header does not contain, must have no effect.
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 11, 3, 7, 1, 40, 999, TimeSpan.Zero));
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(null, clock, TestContext.Current.CancellationToken);
        using var client = new PlainClient(emulator, clock);
        HttpRequestMessage request = client.Request();
        request.Headers.Remove("X-Date");
        request.Headers.Add("X-Date", PlainClient.Date(clock.GetUtcNow().AddSeconds(seconds)));

        Assert.Equal(expected, await client.StatusAsync(request));
    }

    [Theory]
    [InlineData("POST", PlainClient.FirstPage, HttpStatusCode.MethodNotAllowed)]
    [InlineData("HEAD", PlainClient.FirstPage, HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/koodrive/ose/v1/jobs/?offset=0&limit=1", HttpStatusCode.NotFound)]
    [InlineData("GET", "/koodrive/ose/v1/Jobs?offset=0&limit=1", HttpStatusCode.NotFound)]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    public async Task Request_is_rejected_for_another_method_or_path(string method, string uri, HttpStatusCode expected)
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        HttpRequestMessage request = client.Request(uri);
        request.Method = new HttpMethod(method);

        Assert.Equal(expected, await client.StatusAsync(request));
    }

    [Theory]
    [InlineData(false, "code", "msg")]
    [InlineData(true, "error_code", "error_msg")]
    public async Task Rejection_has_a_code_and_a_message_as_text(bool oldShape, string code, string message)
    {
        await using JobsEmulator emulator = await StartAsync(new() { WriteOldErrorShape = oldShape });
        using var client = new PlainClient(emulator);

        JsonElement response = await client.JsonAsync(PlainClient.JobsPath + "?offset=0&limit=101");

        Assert.Equal([code, message], response.EnumerateObject().Select(member => member.Name));
        Assert.Equal("13000102", response.GetProperty(code).GetString());
        Assert.Contains("limit", response.GetProperty(message).GetString(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusOfQuery(string query)
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        return await client.StatusAsync(PlainClient.JobsPath + query);
    }

    private static Task<JobsEmulator> StartAsync(JobsEmulatorOptions? options = null) =>
        JobsEmulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
}
