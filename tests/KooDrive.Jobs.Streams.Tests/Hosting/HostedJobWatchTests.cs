using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Hosting;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

/// <summary>A real host against the emulator over sockets.</summary>
public class HostedJobWatchTests
{
    [Fact]
    public async Task Handlers_receive_changes_and_share_the_watch_with_other_subscribers()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        emulator.Jobs.Add(taskType: 2);
        var record = new ChangeRecord();
        using IHost host = Build(emulator, record, configure: null);
        await host.StartAsync(TestClients.Cancellation);
        JobWatch watch = host.Services.GetRequiredService<JobWatch>();
        await watch.WaitForSyncAsync(TestClients.Cancellation);

        string added = emulator.Jobs.Add(taskType: 2).TaskId;

        Assert.Equal([$"first {added}", $"second {added}"], await record.TakeAsync(2));
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestClients.Cancellation);
        Assert.Equal(HealthStatus.Healthy, report.Entries["koodrive-jobs"].Status);
        await host.StopAsync(TestClients.Cancellation);
    }

    [Fact]
    public async Task AddHandler_calls_delegates_in_the_order_of_all_handlers()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        var record = new ChangeRecord();
        var delegates = new List<string>();
        using IHost host = Build(emulator, record, configure: null, handlers: watch => watch
            .AddHandler(AddAsync)
            .AddHandler(AddAsync)
            .AddHandler<FirstHandler>());
        await host.StartAsync(TestClients.Cancellation);
        await host.Services.GetRequiredService<JobWatch>().WaitForSyncAsync(TestClients.Cancellation);

        string added = emulator.Jobs.Add(taskType: 2).TaskId;

        Assert.Equal([$"first {added}"], await record.TakeAsync(1));
        Assert.Equal([added, added], delegates);
        await host.StopAsync(TestClients.Cancellation);

        ValueTask AddAsync(JobChange change, CancellationToken cancellationToken)
        {
            delegates.Add(change.Job.TaskId);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Host_stops_when_a_handler_fails_and_redelivers_the_change_after_a_restart()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        var store = new MemoryCheckpointStore();
        var record = new ChangeRecord();
        string taskId;
        using (IHost first = Build(emulator, record, options => options.MaxHandlerRetries = 0, store))
        {
            record.Behave = (handler, _) => throw new InvalidOperationException($"{handler} is out of order");
            await first.StartAsync(TestClients.Cancellation);
            await first.Services.GetRequiredService<JobWatch>().WaitForSyncAsync(TestClients.Cancellation);
            taskId = emulator.Jobs.Add(taskType: 2).TaskId;
            InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(
                () => first.WaitForShutdownAsync(TestClients.Cancellation).WaitAsync(TimeSpan.FromSeconds(60), TestClients.Cancellation));
            Assert.Equal("first is out of order", exception.Message);
        }

        Assert.Equal([$"first {taskId}"], record.TakeAll());
        Assert.Equal(1, store.Saves);

        record.Behave = null;
        string meanwhile = emulator.Jobs.Add(taskType: 2).TaskId;
        using IHost second = Build(emulator, record, configure: null, store);
        await second.StartAsync(TestClients.Cancellation);

        Assert.Equal([$"first {taskId}", $"second {taskId}", $"first {meanwhile}", $"second {meanwhile}"], await record.TakeAsync(4));
        await second.StopAsync(TestClients.Cancellation);
    }

    [Fact]
    public async Task Host_redelivers_a_change_whose_handler_was_interrupted_by_its_stop()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        var store = new MemoryCheckpointStore();
        var record = new ChangeRecord();
        using var log = new RecordingLogger();
        string taskId;
        using (IHost first = Build(
            emulator,
            record,
            options => options.FailedChangeAction = FailedChangeAction.Skip,
            store,
            services => services.AddSingleton<ILoggerFactory>(log),
            watch => watch.AddHandler<InterruptedHandler>()))
        {
            await first.StartAsync(TestClients.Cancellation);
            await first.Services.GetRequiredService<JobWatch>().WaitForSyncAsync(TestClients.Cancellation);
            taskId = emulator.Jobs.Add(taskType: 2).TaskId;
            Assert.Equal([$"interrupted {taskId}"], await record.TakeAsync(1));
            await first.StopAsync(TestClients.Cancellation);
        }

        Assert.DoesNotContain(log.Entries, entry => entry.Level >= LogLevel.Warning);
        Assert.Equal(1, store.Saves);

        using IHost second = Build(emulator, record, configure: null, store);
        await second.StartAsync(TestClients.Cancellation);

        Assert.Equal([$"first {taskId}", $"second {taskId}"], await record.TakeAsync(2));
        await second.StopAsync(TestClients.Cancellation);
    }

    [Fact]
    public async Task CheckHealth_is_unhealthy_when_the_host_continues_without_handlers()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        var record = new ChangeRecord { Behave = (_, _) => throw new InvalidOperationException("out of order") };
        using IHost host = Build(
            emulator,
            record,
            options => options.MaxHandlerRetries = 0,
            before: services => services.Configure<HostOptions>(options =>
                options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore));
        await host.StartAsync(TestClients.Cancellation);
        JobWatch watch = host.Services.GetRequiredService<JobWatch>();
        using IDisposable other = watch.Events.Subscribe(_ => { });
        await watch.WaitForSyncAsync(TestClients.Cancellation);
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(TestClients.Cancellation)).Status);

        emulator.Jobs.Add(taskType: 2);
        HostedJobWatch hosted = host.Services.GetServices<IHostedService>().OfType<HostedJobWatch>().Single();
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(() => hosted.ExecuteTask!.WaitAsync(TestClients.Cancellation));

        await watch.WaitForSyncAsync(TestClients.Cancellation);
        HealthReportEntry entry = (await health.CheckHealthAsync(TestClients.Cancellation)).Entries["koodrive-jobs"];
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Same(exception, entry.Exception);
        Assert.Same(exception, await Assert.ThrowsAsync<InvalidOperationException>(() => host.StopAsync(TestClients.Cancellation)));
    }

    [Fact]
    public async Task Durable_watch_subscribes_before_hosted_services_registered_earlier()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        var record = new ChangeRecord();
        using IHost host = Build(emulator, record, configure: null, new MemoryCheckpointStore(), services => services.AddHostedService<OtherSubscriber>());

        await host.StartAsync(TestClients.Cancellation);

        await host.Services.GetServices<IHostedService>().OfType<OtherSubscriber>().Single().Synced;
        string added = emulator.Jobs.Add(taskType: 2).TaskId;
        Assert.Equal([$"first {added}", $"second {added}"], await record.TakeAsync(2));
        await host.StopAsync(TestClients.Cancellation);
    }

    [Fact]
    public async Task Host_retries_a_failed_save_and_continues()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        var record = new ChangeRecord();
        int attempts = 0;
        var store = new MemoryCheckpointStore
        {
            BeforeSave = () =>
            {
                if (++attempts is 2 or 3)
                {
                    throw new IOException("The store is busy.");
                }
            },
        };
        using IHost host = Build(emulator, record, options => options.HandlerRetryDelay = TimeSpan.Zero, store);
        await host.StartAsync(TestClients.Cancellation);
        await host.Services.GetRequiredService<JobWatch>().WaitForSyncAsync(TestClients.Cancellation);

        foreach (int _ in Enumerable.Range(0, 3))
        {
            string added = emulator.Jobs.Add(taskType: 2).TaskId;
            Assert.Equal([$"first {added}", $"second {added}"], await record.TakeAsync(2));
        }

        await host.StopAsync(TestClients.Cancellation);
        Assert.InRange(attempts, 5, 6);
        Assert.Equal(attempts - 2, store.Saves);
    }

    [Fact]
    public async Task StartAsync_throws_when_another_consumer_uses_the_checkpoint()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        string folder = Directory.CreateTempSubdirectory("checkpoint-").FullName;
        try
        {
            string path = Path.Combine(folder, "jobs.checkpoint");
            using IHost first = Build(emulator, new ChangeRecord(), options => options.CheckpointPath = path);
            using IHost second = Build(emulator, new ChangeRecord(), options => options.CheckpointPath = path);
            await first.StartAsync(TestClients.Cancellation);

            await Assert.ThrowsAsync<JobCheckpointLockedException>(() => second.StartAsync(TestClients.Cancellation));

            await first.StopAsync(TestClients.Cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task StartAsync_throws_when_the_checkpoint_is_damaged()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        using IHost host = Build(emulator, new ChangeRecord(), configure: null, new MemoryCheckpointStore { Checkpoint = new byte[] { 1, 2, 3 } });

        await Assert.ThrowsAsync<JobCheckpointException>(() => host.StartAsync(TestClients.Cancellation));

        Assert.Equal(0, emulator.Requests.Count);
    }

    [Fact]
    public async Task Keyed_watches_use_their_own_credentials_handlers_and_checkpoints()
    {
        await using JobsEmulator own = await JobsEmulator.StartAsync(new() { AccessToken = "own-token" }, cancellationToken: TestClients.Cancellation);
        await using JobsEmulator archive = await JobsEmulator.StartAsync(new() { AccessToken = "archive-token" }, cancellationToken: TestClients.Cancellation);
        var record = new ChangeRecord();
        var store = new MemoryCheckpointStore();
        HostApplicationBuilder builder = Builder(record);
        builder.Services.AddSingleton<JobsCredential>(new AccessTokenCredential("own-token"));
        builder.Services.AddKeyedSingleton<JobsCredential>("archive", new AccessTokenCredential("archive-token"));
        builder.Services.AddKeyedSingleton<IJobCheckpointStore>("archive", store);
        builder.Services.AddKooDriveJobs(options => Connect(options, own));
        builder.Services.AddKeyedKooDriveJobs("archive", options => Connect(options, archive));
        builder.Services.AddKooDriveJobWatch(Fast).AddHandler<FirstHandler>();
        builder.Services.AddKeyedKooDriveJobWatch("archive", Fast).AddHandler<SecondHandler>();
        builder.Services.AddHealthChecks().AddKooDriveJobs().AddKooDriveJobs(serviceKey: "archive");
        using IHost host = builder.Build();
        await host.StartAsync(TestClients.Cancellation);
        JobWatch keyed = host.Services.GetRequiredKeyedService<JobWatch>("archive");
        await host.Services.GetRequiredService<JobWatch>().WaitForSyncAsync(TestClients.Cancellation);
        await keyed.WaitForSyncAsync(TestClients.Cancellation);

        string ownJob = own.Jobs.Add(taskType: 2).TaskId;
        Assert.Equal([$"first {ownJob}"], await record.TakeAsync(1));
        string archiveJob = archive.Jobs.Add(taskType: 2).TaskId;
        Assert.Equal([$"second {archiveJob}"], await record.TakeAsync(1));

        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestClients.Cancellation);
        Assert.Equal(["koodrive-jobs", "koodrive-jobs-archive"], report.Entries.Keys.Order());
        Assert.NotSame(host.Services.GetRequiredService<JobWatch>(), keyed);
        await host.StopAsync(TestClients.Cancellation);
        Assert.True(store.Saves > 0);
        Assert.Empty(record.TakeAll());
    }

    [Fact]
    public async Task StartAsync_reports_every_invalid_option_of_the_configuration()
    {
        HostApplicationBuilder builder = Builder(new ChangeRecord());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["KooDrive:Endpoint"] = "https://drive.example",
            ["KooDrive:Watch:PollInterval"] = "00:00:00.001",
            ["KooDrive:Watch:CheckpointPath"] = " ",
            ["KooDrive:Watch:MaxHandlerRetries"] = "101",
            ["KooDrive:Watch:MaxSaveRetries"] = "-1",
            ["KooDrive:Watch:HandlerRetryDelay"] = "00:01:00",
            ["KooDrive:Watch:MaxHandlerRetryDelay"] = "00:00:01",
            ["KooDrive:Watch:FailedChangeAction"] = "7",
            ["KooDrive:Watch:UnhealthyAfter"] = "00:00:00",
        });
        builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
        builder.Services.AddKooDriveJobWatch(builder.Configuration.GetSection("KooDrive:Watch")).AddHandler<FirstHandler>();
        using IHost host = builder.Build();

        AggregateException exception = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync(TestClients.Cancellation));

        OptionsValidationException[] failures = [.. exception.InnerExceptions.Cast<OptionsValidationException>()];
        Assert.Contains(failures, wrong => wrong.OptionsType == typeof(JobsClientOptions));
        Assert.Equal(
            [
                "PollInterval is 0.001 s: it must be 0.1 s to 86,400 s.",
                "CheckpointPath is empty: remove it, or set the path of a file.",
                "MaxHandlerRetries is 101: it must be 0 to 100 retries.",
                "MaxSaveRetries is -1: it must be 0 to 100 retries.",
                "MaxHandlerRetryDelay is 1 s: it must be 60 s (HandlerRetryDelay) to 86,400 s.",
                "FailedChangeAction is 7: it must be StopHost or Skip.",
                "UnhealthyAfter is 0 s: it must be 1 s to 86,400 s.",
            ],
            Assert.Single(failures, wrong => wrong.OptionsType == typeof(HostedJobWatchOptions)).Failures);
    }

    [Fact]
    public void StartAsync_names_the_watch_of_invalid_options()
    {
        var wrong = new HostedJobWatchOptions { MaxHandlerRetries = -1 };

        ValidateOptionsResult result = new HostedJobWatchOptionsValidation().Validate("archive", wrong);

        Assert.Equal(["archive: MaxHandlerRetries is -1: it must be 0 to 100 retries."], result.Failures);
        Assert.True(new HostedJobWatchOptionsValidation().Validate(name: null, new HostedJobWatchOptions()).Succeeded);
    }

    [Fact]
    public void Watch_without_a_client_names_the_method_to_call()
    {
        var services = new ServiceCollection();
        services.AddKooDriveJobWatch(_ => { });
        services.AddKeyedKooDriveJobWatch("archive", _ => { });
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Contains("AddKooDriveJobs", Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<JobWatch>()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "AddKeyedKooDriveJobs(\"archive\"",
            Assert.Throws<InvalidOperationException>(() => provider.GetRequiredKeyedService<JobWatch>("archive")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AddHandler_registers_one_hosted_service_and_each_handler_once()
    {
        var services = new ServiceCollection();
        JobWatchBuilder builder = services.AddKooDriveJobWatch(_ => { });
        Assert.DoesNotContain(services, service => service.ServiceType == typeof(IHostedService));

        builder.AddHandler<FirstHandler>().AddHandler<FirstHandler>().AddHandler<SecondHandler>();

        Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
        Assert.Equal(2, services.Count(service => service.ServiceType == typeof(HandlerRegistration)));
    }

    private static IHost Build(
        JobsEmulator emulator,
        ChangeRecord record,
        Action<HostedJobWatchOptions>? configure,
        IJobCheckpointStore? store = null,
        Action<IServiceCollection>? before = null,
        Action<JobWatchBuilder>? handlers = null)
    {
        HostApplicationBuilder builder = Builder(record);
        before?.Invoke(builder.Services);
        if (store is not null)
        {
            builder.Services.AddSingleton(store);
        }

        builder.Services.AddSingleton(TestClients.EmulatorCredential);
        builder.Services.AddKooDriveJobs(options => Connect(options, emulator));
        JobWatchBuilder watch = builder.Services.AddKooDriveJobWatch(options =>
        {
            Fast(options);
            configure?.Invoke(options);
        });
        (handlers ?? (both => both.AddHandler<FirstHandler>().AddHandler<SecondHandler>()))(watch);
        builder.Services.AddHealthChecks().AddKooDriveJobs();
        return builder.Build();
    }

    private static HostApplicationBuilder Builder(ChangeRecord record)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton(record);
        builder.Services.AddScoped<ScopeToken>();
        return builder;
    }

    private static void Connect(JobsClientOptions options, JobsEmulator emulator)
    {
        options.Endpoint = emulator.Endpoint;
        options.UserId = TestClients.UserId;
    }

    private static void Fast(HostedJobWatchOptions options) => options.PollInterval = TimeSpan.FromSeconds(0.1);

    private sealed class OtherSubscriber(JobWatch watch) : IHostedService
    {
        public Task Synced { get; private set; } = Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Synced = watch.WaitForSyncAsync(TestClients.Cancellation);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
