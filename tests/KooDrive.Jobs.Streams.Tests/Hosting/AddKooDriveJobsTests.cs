using System.Net;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Http.Reading;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public class AddKooDriveJobsTests
{
    [Fact]
    public async Task AddKooDriveJobs_uses_the_configuration_and_the_registered_credential()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 250 }, cancellationToken: TestClients.Cancellation);
        var services = new ServiceCollection();
        services.AddSingleton<JobsCredential>(new AppCredential("emulator-app", "emulator-app-secret"));
        services.AddKooDriveJobs(Configuration(
            ("Endpoint", emulator.Endpoint.ToString()), ("UserId", TestClients.UserId), ("Language", "zh-CN"), ("RetryDelay", "00:00:00.250")));
        await using ServiceProvider provider = services.BuildServiceProvider(validateScopes: true);

        int listed = await provider.GetRequiredService<JobsClient>().ListJobs().CountAsync(TestClients.Cancellation);

        Assert.Equal(250, listed);
        Assert.Equal("zh-CN", emulator.Requests.Snapshot()[0].Headers["language"]);
        Assert.Equal(TimeSpan.FromSeconds(0.25), provider.GetRequiredService<IOptions<JobsClientOptions>>().Value.RetryDelay);
    }

    [Fact]
    public async Task Token_of_the_configuration_is_read_again_after_it_was_rejected()
    {
        IConfiguration configuration = Configuration(("Endpoint", "https://drive.example"), ("UserId", "1"), ("Token", "first"));
        var handler = new StubHandler(RejectAndReplace, _ => StubHandler.Page());
        var services = new ServiceCollection();
        services.AddKooDriveJobs(configuration).ConfigurePrimaryHttpMessageHandler(() => handler);
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredService<JobsClient>().GetAsync();

        Assert.Equal(("Bearer+first", "Bearer+second"), (handler.Header(0, "Authorization"), handler.Header(1, "Authorization")));

        HttpResponseMessage RejectAndReplace(HttpRequestMessage request)
        {
            configuration["Token"] = "second";
            return StubHandler.Respond(HttpStatusCode.Unauthorized, "{}");
        }
    }

    [Fact]
    public async Task Registered_credential_takes_precedence_over_the_configuration()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        var services = new ServiceCollection();
        services.AddKooDriveJobs(Configuration(("Endpoint", "https://drive.example"), ("UserId", "1"), ("Token", "configured")))
            .ConfigurePrimaryHttpMessageHandler(() => handler);
        services.AddSingleton<JobsCredential>(new AccessTokenCredential("registered"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredService<JobsClient>().GetAsync();

        Assert.Equal("Bearer+registered", handler.Header(0, "Authorization"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HttpClient_logs_requests_only_if_the_application_adds_its_loggers(bool adds)
    {
        using var log = new RecordingLogger();
        IServiceCollection services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(log);
        services.AddSingleton(TestClients.Credential);
        IHttpClientBuilder http = services.AddKooDriveJobs(options => Set(options)).ConfigurePrimaryHttpMessageHandler(() => new StubHandler(_ => StubHandler.Page()));
        if (adds)
        {
            http.AddDefaultLogger();
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredService<JobsClient>().GetAsync();

        Assert.Equal(adds ? 4 : 0, log.Entries.Count(entry => entry.Level == LogLevel.Information));
    }

    [Fact]
    public void AddKooDriveJobs_registers_one_client_for_the_application()
    {
        using ServiceProvider provider = Services(new StubHandler()).BuildServiceProvider(validateScopes: true);
        using IServiceScope scope = provider.CreateScope();

        Assert.Same(provider.GetRequiredService<JobsClient>(), scope.ServiceProvider.GetRequiredService<JobsClient>());
    }

    [Fact]
    public async Task Disposal_of_the_container_ends_requests_in_flight()
    {
        await using var server = new SocketServer(connection => connection.StallAsync());
        var services = new ServiceCollection();
        services.AddSingleton(TestClients.Credential);
        services.AddKooDriveJobs(options => Set(options, server.Endpoint));
        ServiceProvider provider = services.BuildServiceProvider();
        Task<JobPage> getting = provider.GetRequiredService<JobsClient>().GetAsync();
        await server.StalledAsync();

        await provider.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => getting);
    }

    [Fact]
    public void Client_renews_connections_and_keeps_its_handler()
    {
        SocketsHttpHandler? handler = null;
        IServiceCollection services = new ServiceCollection();
        services.AddSingleton(TestClients.Credential);
        IHttpClientBuilder http = services.AddKooDriveJobs(options =>
        {
            Set(options);
            options.ConnectionLifetime = TimeSpan.FromSeconds(77);
        });
        services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new PrimaryHandlerFilter(primary => handler = (SocketsHttpHandler)primary));
        using ServiceProvider provider = services.BuildServiceProvider();

        provider.GetRequiredService<JobsClient>();

        Assert.Equal(TimeSpan.FromSeconds(77), handler!.PooledConnectionLifetime);
        Assert.Equal((false, false), (handler.AllowAutoRedirect, handler.UseCookies));
        Assert.Equal(DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli, handler.AutomaticDecompression);
        Assert.Equal(Timeout.InfiniteTimeSpan, provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(http.Name).HandlerLifetime);
    }

    [Fact]
    public async Task AddKeyedKooDriveJobs_registers_separate_clients_options_and_credentials()
    {
        var own = new StubHandler(_ => StubHandler.Page());
        var archive = new StubHandler(_ => StubHandler.Page());
        IServiceCollection services = Services(own);
        services.AddKeyedSingleton<JobsCredential>("archive", new AccessTokenCredential("archive-token"));
        services.AddKeyedKooDriveJobs("archive", Configuration(("Endpoint", "https://archive.example"), ("UserId", "42")))
            .ConfigurePrimaryHttpMessageHandler(() => archive);
        await using ServiceProvider provider = services.BuildServiceProvider(validateScopes: true);

        await provider.GetRequiredService<JobsClient>().GetAsync();
        await provider.GetRequiredKeyedService<JobsClient>("archive").GetAsync();

        Assert.Equal(("drive.example", TestClients.UserId, $"Bearer+{TestClients.Token}"), Identity(own));
        Assert.Equal(("archive.example", "42", "Bearer+archive-token"), Identity(archive));

        static (string, string, string) Identity(StubHandler server) =>
            (Assert.Single(server.Requests).RequestUri!.Host, server.Header(0, "X-User-Id"), server.Header(0, "Authorization"));
    }

    [Fact]
    public async Task AddKeyedKooDriveJobs_never_uses_the_credential_of_another_key()
    {
        var services = new ServiceCollection();
        services.AddSingleton<JobsCredential>(new AccessTokenCredential(TestClients.Token));
        services.AddKeyedKooDriveJobs("archive", Configuration(("Endpoint", "https://archive.example"), ("UserId", "42")));
        await using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<JobsClient>("archive"));

        string failure = Assert.Single(exception.Failures);
        Assert.StartsWith("archive: Token is missing: ", failure, StringComparison.Ordinal);
        Assert.Contains("services.AddKeyedSingleton<JobsCredential>(\"archive\", …)", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_uses_the_TimeProvider_of_the_container()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        IServiceCollection services = Services(handler);
        services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero)));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredService<JobsClient>().GetAsync();

        Assert.Equal("20260203T040506Z", handler.Header(0, "X-Date"));
    }

    [Fact]
    public async Task AddKooDriveJobs_called_again_adds_options_and_keeps_the_handlers()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        IServiceCollection services = Services(handler);
        services.AddKooDriveJobs(options => options.Language = "zh-CN");
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Assert.Single(provider.GetServices<JobsClient>()).GetAsync();

        Assert.Equal("zh-CN", handler.Header(0, "language"));
    }

    [Fact]
    public void AddKooDriveJobs_keeps_a_registered_fake()
    {
        var fake = new FakeClient();
        var services = new ServiceCollection();
        services.AddSingleton<JobsClient>(fake);
        services.AddKooDriveJobs(Configuration());
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Same(fake, Assert.Single(provider.GetServices<JobsClient>()));
        provider.GetService<IStartupValidator>()?.Validate();
    }

    [Fact]
    public async Task Logs_contain_no_secret_at_any_level()
    {
        const string Secret = "tell-nobody-5f2b";
        var logger = new RecordingLogger();
        IServiceCollection services = Services(new StubHandler(_ => StubHandler.Respond(HttpStatusCode.Unauthorized, "{}")));
        services.AddSingleton<ILoggerFactory>(logger);
        services.AddSingleton<JobsCredential>(new AccessTokenCredential(Secret));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => provider.GetRequiredService<JobsClient>().GetAsync());

        Assert.Contains(logger.Entries, entry => entry.Message.Contains("Authorization", StringComparison.Ordinal));
        Assert.DoesNotContain(logger.Entries, entry => entry.Message.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_does_not_follow_redirects()
    {
        await using var server = new SocketServer(
            connection => connection.SendAsync("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            connection => connection.SendAsync(SocketServer.Ok(Pages.Documented)));
        var services = new ServiceCollection();
        services.AddSingleton(TestClients.Credential);
        services.AddKooDriveJobs(options => Set(options, server.Endpoint));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Assert.ThrowsAsync<JobsResponseException>(() => provider.GetRequiredService<JobsClient>().GetAsync());

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void AddKeyedKooDriveJobs_rejects_an_empty_service_key(string? serviceKey)
    {
        var services = new ServiceCollection();

        Assert.ThrowsAny<ArgumentException>(() => services.AddKeyedKooDriveJobs(serviceKey!, Configuration()));
        Assert.ThrowsAny<ArgumentException>(() => services.AddKeyedKooDriveJobs(serviceKey!, options => Set(options)));
    }

    private static ServiceCollection Services(StubHandler handler)
    {
        var services = new ServiceCollection();
        services.AddSingleton(TestClients.Credential);
        services.AddKooDriveJobs(options => Set(options)).ConfigurePrimaryHttpMessageHandler(() => handler);
        return services;
    }

    private static void Set(JobsClientOptions options, Uri? endpoint = null)
    {
        options.Endpoint = endpoint ?? new Uri("https://drive.example");
        options.UserId = TestClients.UserId;
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();

    private sealed class FakeClient : JobsClient;

    private sealed class PrimaryHandlerFilter(Action<HttpMessageHandler> see) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            see(builder.PrimaryHandler);
        };
    }
}
