using System.Diagnostics.Metrics;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Diagnostics;

/// <summary>A client of a container with its own meter, so that measurements of concurrent tests are not included.</summary>
internal sealed class MeasuredClient : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    public MeasuredClient(
        HttpMessageHandler handler,
        string? serviceKey = null,
        Action<JobsClientOptions>? change = null,
        ILoggerFactory? loggerFactory = null,
        JobsCredential? credential = null)
        : this(
            Options(change), credential ?? TestClients.Credential, serviceKey, http => http.ConfigurePrimaryHttpMessageHandler(() => handler), loggerFactory)
    {
    }

    public MeasuredClient(Uri endpoint, string token)
        : this(
            options =>
            {
                options.Endpoint = endpoint;
                options.UserId = TestClients.UserId;
            },
            new AccessTokenCredential(token),
            serviceKey: null,
            _ => { })
    {
    }

    private MeasuredClient(
        Action<JobsClientOptions> configure,
        JobsCredential credential,
        string? serviceKey,
        Action<IHttpClientBuilder> addTo,
        ILoggerFactory? loggerFactory = null)
    {
        var services = new ServiceCollection();
        if (loggerFactory is not null)
        {
            services.AddSingleton(loggerFactory);
        }

        services.AddSingleton<TimeProvider>(Time);
        services.AddKeyedSingleton(serviceKey, credential);
        addTo(serviceKey is null ? services.AddKooDriveJobs(configure) : services.AddKeyedKooDriveJobs(serviceKey, configure));
        _provider = services.BuildServiceProvider();
        Client = _provider.GetRequiredKeyedService<JobsClient>(serviceKey);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public JobsClient Client { get; }

    public MetricCollector<T> Collect<T>(string instrument)
        where T : struct => new(_provider.GetRequiredService<IMeterFactory>(), JobsDiagnostics.MeterName, instrument);

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    private static Action<JobsClientOptions> Options(Action<JobsClientOptions>? change) => options =>
    {
        options.Endpoint = new Uri("https://drive.example:8443");
        options.UserId = TestClients.UserId;
        change?.Invoke(options);
    };
}
