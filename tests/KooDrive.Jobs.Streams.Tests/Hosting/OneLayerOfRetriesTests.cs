using System.Net;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Polly;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

/// <summary>How often a page is asked for that never comes.</summary>
public sealed class OneLayerOfRetriesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StubHandler _dead = new(_ => StubHandler.Respond(HttpStatusCode.BadGateway, "<html>"));

    public void Dispose() => _dead.Dispose();

    [Fact]
    public async Task A_dead_page_is_asked_for_once_and_as_often_again_as_the_options_say() =>
        Assert.Equal(1 + 4, await CountAsync(services => Add(services)));

    [Fact]
    public async Task Resilience_that_the_application_gives_to_all_its_clients_does_not_multiply_it() =>
        Assert.Equal(1 + 4, await CountAsync(services =>
        {
            services.ConfigureHttpClientDefaults(client => client.AddStandardResilienceHandler());
            Add(services);
        }));

    [Fact]
    public async Task Such_resilience_that_is_added_later_does_not_multiply_it_either() =>
        Assert.Equal(1 + 4, await CountAsync(services =>
        {
            Add(services);
            services.ConfigureHttpClientDefaults(client => client.AddStandardResilienceHandler());
        }));

    [Fact]
    public async Task With_no_retries_of_its_own_the_callers_resilience_is_the_only_one() =>
        Assert.Equal(1 + 2, await CountAsync(services =>
            Add(services, options => options.MaxRetries = 0).AddResilienceHandler("own", (pipeline, context) =>
            {
                pipeline.TimeProvider = _time;
                pipeline.AddRetry(new() { MaxRetryAttempts = 2, ShouldHandle = args => new(args.Outcome.Result is { IsSuccessStatusCode: false }) });
            })));

    [Fact]
    public async Task Both_together_multiply() =>
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
