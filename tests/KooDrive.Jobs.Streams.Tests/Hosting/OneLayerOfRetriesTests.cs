using System.Net;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Polly;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

/// <summary>Counts the requests for a page that always fails.</summary>
public sealed class OneLayerOfRetriesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StubHandler _dead = new(_ => StubHandler.Respond(HttpStatusCode.BadGateway, "<html>"));

    public void Dispose() => _dead.Dispose();

    [Fact]
    public async Task Failing_page_is_requested_once_and_MaxRetries_times_more() =>
        Assert.Equal(1 + 4, await CountAsync(services => Add(services)));

    [Fact]
    public async Task Default_resilience_of_the_application_does_not_multiply_the_retries() =>
        Assert.Equal(1 + 4, await CountAsync(services =>
        {
            services.ConfigureHttpClientDefaults(client => client.AddStandardResilienceHandler());
            Add(services);
        }));

    [Fact]
    public async Task Default_resilience_that_is_added_later_does_not_multiply_the_retries() =>
        Assert.Equal(1 + 4, await CountAsync(services =>
        {
            Add(services);
            services.ConfigureHttpClientDefaults(client => client.AddStandardResilienceHandler());
        }));

    [Fact]
    public async Task Resilience_of_the_caller_is_the_only_layer_when_MaxRetries_is_0() =>
        Assert.Equal(1 + 2, await CountAsync(services =>
            Add(services, options => options.MaxRetries = 0).AddResilienceHandler("own", (pipeline, context) =>
            {
                pipeline.TimeProvider = _time;
                pipeline.AddRetry(new() { MaxRetryAttempts = 2, ShouldHandle = args => new(args.Outcome.Result is { IsSuccessStatusCode: false }) });
            })));

    [Fact]
    public async Task Resilience_of_the_caller_multiplies_the_retries_of_the_client() =>
        Assert.Equal((1 + 1) * (1 + 2), await CountAsync(services =>
            Add(services, options => options.MaxRetries = 1).AddResilienceHandler("own", (pipeline, context) =>
            {
                pipeline.TimeProvider = _time;
                pipeline.AddRetry(new() { MaxRetryAttempts = 2, ShouldHandle = args => new(args.Outcome.Result is { IsSuccessStatusCode: false }) });
            })));

    private IHttpClientBuilder Add(IServiceCollection services, Action<JobsClientOptions>? change = null) => services
        .AddKooDriveJobs(options =>
        {
            options.Endpoint = new Uri("https://drive.example");
            options.UserId = TestClients.UserId;
            change?.Invoke(options);
        })
        .ConfigurePrimaryHttpMessageHandler(() => _dead);

    private async Task<int> CountAsync(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton(TestClients.Credential);
        add(services);
        await using ServiceProvider provider = services.BuildServiceProvider();
        Task<JobPage> getting = provider.GetRequiredService<JobsClient>().GetAsync();
        await _time.RunAsync(getting, TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<JobsServerException>(() => getting);
        return _dead.Requests.Count;
    }
}
