using System.Net;
using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.Time.Testing;
using EmulatorSignature = KooDrive.Jobs.Streams.Emulator.Api.AppSignature;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class AuthenticationTests
{
    [Theory]
    [InlineData("Bearer+emulator-access-token", HttpStatusCode.OK)]
    [InlineData("Bearer emulator-access-token", HttpStatusCode.Unauthorized)]
    [InlineData("bearer+emulator-access-token", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer+emulator-access-toke", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer+", HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Token_is_accepted_only_after_its_prefix(string? authorization, HttpStatusCode expected)
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);

        Assert.Equal(expected, await client.StatusAsync(WithAuthorization(client.Request(), authorization)));
    }

    [Fact]
    public async Task Prefix_and_initial_token_are_options()
    {
        await using JobsEmulator emulator = await StartAsync(new() { AuthorizationPrefix = "", AccessToken = "ABCDEFG" });
        using var client = new PlainClient(emulator);

        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync(WithAuthorization(client.Request(), "ABCDEFG")));
    }

    [Fact]
    public async Task Tokens_can_be_accepted_and_revoked_while_the_emulator_runs()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        async Task<(bool First, bool Second)> Accepted() => (
            await client.StatusAsync() == HttpStatusCode.OK,
            await client.StatusAsync(WithAuthorization(client.Request(), "Bearer+second")) == HttpStatusCode.OK);

        Assert.Equal((true, false), await Accepted());
        emulator.Credentials.AcceptToken("second");
        Assert.Equal((true, true), await Accepted());
        Assert.True(emulator.Credentials.RevokeToken("second"));
        Assert.False(emulator.Credentials.RevokeToken("second"));
        Assert.Equal((true, false), await Accepted());
        emulator.Credentials.ReplaceTokens("second");
        Assert.Equal((false, true), await Accepted());
    }

    [Fact]
    public async Task TokenLifetime_restarts_at_each_use()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(
            new() { TokenLifetime = TimeSpan.FromMinutes(20) }, clock, TestContext.Current.CancellationToken);
        using var client = new PlainClient(emulator, clock);

        clock.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());
        clock.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());
        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(HttpStatusCode.Unauthorized, await client.StatusAsync());
    }

    [Fact]
    public void Sign_returns_the_signature_of_the_documented_example()
    {
        string canonical = EmulatorSignature.CanonicalRequest(
            "GET",
            PlainClient.JobsPath,
            [new("status", "2"), new("offset", "0"), new("limit", "100")],
            [
                new("host", "intl.myhuaweicloud-koodrive.com"),
                new("x-date", "20240909T033325Z"),
                new("x-user-id", "1505084218764547200"),
            ]);

        Assert.Equal(
            """
            GET
            /koodrive/ose/v1/jobs/
            limit=100&offset=0&status=2
            host:intl.myhuaweicloud-koodrive.com
            x-date:20240909T033325Z
            x-user-id:1505084218764547200

            host;x-date;x-user-id
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
            """,
            canonical);
        Assert.Equal("724b005de510dec95b6ceb66f337756d232e3bb0e7bcf76163cff870623ada84", EmulatorSignature.Sign("example-secret", canonical));
    }

    [Fact]
    public void CanonicalRequest_is_encoded_sorted_and_trimmed()
    {
        string canonical = EmulatorSignature.CanonicalRequest(
            "GET", "/a b/", [new("z", ""), new("ä", "1 2"), new("B", "~"), new("b", "2"), new("b", "1")], [new("x-date", " now ")]);

        Assert.Equal("GET\n/a%20b/\nB=~&b=1&b=2&z=&%C3%A4=1%202\nx-date:now\n\nx-date", canonical[..canonical.LastIndexOf('\n')]);
    }

    [Theory]
    [InlineData("{0} AppId={1},SignedHeaders={2},Signature={3}", HttpStatusCode.OK)]
    [InlineData("{0}  AppId={1},SignedHeaders={2},Signature={3}", HttpStatusCode.Unauthorized)]
    [InlineData("{0} AppId={1}, SignedHeaders={2}, Signature={3}", HttpStatusCode.Unauthorized)]
    [InlineData("{0} AppId={1},Signature={3}", HttpStatusCode.Unauthorized)]
    [InlineData("{0} AppId=another,SignedHeaders={2},Signature={3}", HttpStatusCode.Unauthorized)]
    [InlineData("{0} AppId={1},SignedHeaders={2},Signature=0{3}", HttpStatusCode.Unauthorized)]
    [InlineData("{0} AppId={1},SignedHeaders={2},Signature=", HttpStatusCode.Unauthorized)]
    public async Task Signature_is_accepted_only_in_the_documented_form(string form, HttpStatusCode expected)
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);

        Assert.Equal(expected, await client.StatusAsync(Signed(client, emulator.Endpoint, form: form)));
    }

    [Theory]
    [InlineData("x-date;x-user-id", HttpStatusCode.OK)]
    [InlineData("host;x-date;x-user-id", HttpStatusCode.OK)]
    [InlineData("host;x-date", HttpStatusCode.Unauthorized)]
    [InlineData("host;x-user-id", HttpStatusCode.Unauthorized)]
    [InlineData("x-date;host;x-user-id", HttpStatusCode.Unauthorized)]
    [InlineData("host;x-date;x-date;x-user-id", HttpStatusCode.Unauthorized)]
    public async Task SignedHeaders_must_be_sorted_and_contain_the_required_headers(string names, HttpStatusCode expected)
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);

        Assert.Equal(expected, await client.StatusAsync(Signed(client, emulator.Endpoint, names)));
    }

    [Fact]
    public async Task Signature_of_another_request_is_rejected()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        HttpRequestMessage request = Signed(client, emulator.Endpoint);
        request.RequestUri = new Uri(PlainClient.JobsPath + "?offset=0&limit=99", UriKind.Relative);

        Assert.Equal(HttpStatusCode.Unauthorized, await client.StatusAsync(request));
    }

    [Fact]
    public async Task Apps_can_be_accepted_and_revoked_while_the_emulator_runs()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);

        emulator.Credentials.AcceptApp("emulator-app", "another-secret");
        Assert.Equal(HttpStatusCode.Unauthorized, await client.StatusAsync(Signed(client, emulator.Endpoint)));
        emulator.Credentials.AcceptApp("emulator-app", "emulator-app-secret");
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync(Signed(client, emulator.Endpoint)));
        Assert.True(emulator.Credentials.RevokeApp("emulator-app"));
        Assert.Equal(HttpStatusCode.Unauthorized, await client.StatusAsync(Signed(client, emulator.Endpoint)));
    }

    private static HttpRequestMessage Signed(
        PlainClient client,
        Uri endpoint,
        string names = "host;x-date;x-user-id",
        string form = "{0} AppId={1},SignedHeaders={2},Signature={3}")
    {
        HttpRequestMessage request = client.Request();
        string canonical = EmulatorSignature.CanonicalRequest(
            "GET",
            PlainClient.JobsPath,
            [new("offset", "0"), new("limit", "100")],
            [.. names.Split(';').Select(name => new KeyValuePair<string, string>(
                name, name == "host" ? endpoint.Authority : request.Headers.GetValues(name).Single()))]);
        string signature = EmulatorSignature.Sign("emulator-app-secret", canonical);
#pragma warning disable CA1863 // The formats are test data, and each is used once.
        return WithAuthorization(request, string.Format(null, form, EmulatorSignature.Algorithm, "emulator-app", names, signature));
#pragma warning restore CA1863
    }

    private static HttpRequestMessage WithAuthorization(HttpRequestMessage request, string? value)
    {
        request.Headers.Remove("Authorization");
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", value);
        }

        return request;
    }

    private static Task<JobsEmulator> StartAsync(JobsEmulatorOptions? options = null) =>
        JobsEmulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
}
