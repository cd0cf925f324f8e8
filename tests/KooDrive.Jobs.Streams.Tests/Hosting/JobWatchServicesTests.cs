using System.Net;
using System.Reactive.Concurrency;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public sealed class JobWatchServicesTests : IDisposable
{
    private readonly RecordingClient _client = new();
    private readonly ServiceCollection _services = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public void Watch_uses_the_registered_services()
    {
        var services = new JobWatchServices();
        _services.AddSingleton(services);
        _services.AddSingleton<IScheduler>(new TestScheduler());

        Assert.Same(services, Watch(serviceKey: null));
    }

    [Fact]
    public void Keyed_watch_uses_the_services_with_its_key()
    {
        var services = new JobWatchServices();
        _services.AddKeyedSingleton("archive", services);
        _services.AddSingleton(new JobWatchServices());

        Assert.Same(services, Watch("archive"));
    }

    [Fact]
    public void Keyed_watch_uses_the_services_without_a_key_when_there_are_none_with_its_key()
    {
        var services = new JobWatchServices();
        _services.AddSingleton(services);
        _services.AddKeyedSingleton("other", new JobWatchServices());

        Assert.Same(services, Watch("archive"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("archive")]
    public void Watch_uses_the_registered_scheduler_when_no_services_are_registered(string? serviceKey)
    {
        var scheduler = new TestScheduler();
        _services.AddSingleton<IScheduler>(scheduler);

        JobWatchServices? services = Watch(serviceKey);

        Assert.Same(scheduler, services?.Scheduler);
        Assert.Null(services?.IsFatal);
    }

    [Fact]
    public void Watch_uses_the_default_scheduler_when_nothing_is_registered() =>
        Assert.Same(DefaultScheduler.Instance, Watch(serviceKey: null)?.Scheduler);

    [Fact]
    public async Task Watch_uses_the_registered_IsFatal()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.ServiceUnavailable, "{}"));
        var scheduler = new TestScheduler();
        _services.AddSingleton(new JobWatchServices { Scheduler = scheduler, IsFatal = exception => exception is JobsServerException });
        _services.AddSingleton(TestClients.Credential);
        _services.AddKooDriveJobs(options =>
        {
            (options.Endpoint, options.UserId, options.MaxRetries) = (new Uri("https://drive.example"), TestClients.UserId, 0);
        }).ConfigurePrimaryHttpMessageHandler(() => handler);
        _services.AddKooDriveJobWatch(_ => { });
        await using ServiceProvider provider = _services.BuildServiceProvider();
        Exception? end = null;

        using IDisposable subscription = provider.GetRequiredService<JobWatch>().Events.Subscribe(_ => { }, exception => end = exception);
        scheduler.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);

        Assert.IsType<JobsServerException>(end);
    }

    [Fact]
    public void Scheduler_rejects_null() => Assert.Throws<ArgumentNullException>(() => new JobWatchServices { Scheduler = null! });

    private JobWatchServices? Watch(string? serviceKey)
    {
        _services.AddKeyedSingleton<JobsClient>(serviceKey, _client);
        _ = serviceKey is null ? _services.AddKooDriveJobWatch(_ => { }) : _services.AddKeyedKooDriveJobWatch(serviceKey, _ => { });
        using ServiceProvider provider = _services.BuildServiceProvider();
        provider.GetRequiredKeyedService<JobWatch>(serviceKey);
        return _client.Services;
    }

    private sealed class RecordingClient : JobsClient
    {
        public JobWatchServices? Services { get; private set; }

        public override JobWatch WatchJobs(JobWatchOptions? options = null, JobWatchServices? services = null)
        {
            Services = services;
            return JobWatch.FromEvents();
        }
    }
}
