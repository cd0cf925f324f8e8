using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public class OutageLogTests
{
    [Fact(Timeout = 120_000)]
    public async Task Host_logs_one_line_each_for_start_synchronization_outage_and_recovery()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        bool isDown = false;
        emulator.Faults.When(_ => Volatile.Read(ref isDown), EmulatorFault.Fail(503));
        using var log = new RecordingLogger();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.AddSingleton(TestClients.EmulatorCredential);
        builder.Services.AddKooDriveJobs(options =>
        {
            (options.Endpoint, options.UserId) = (emulator.Endpoint, TestClients.UserId);
            options.RetryDelay = TimeSpan.Zero;
        });
        builder.Services.AddKooDriveJobWatch(options => options.PollInterval = options.MaxPollRetryDelay = TimeSpan.FromSeconds(0.1))
            .AddHandler((_, _) => ValueTask.CompletedTask);
        using IHost host = builder.Build();
        JobWatch watch = host.Services.GetRequiredService<JobWatch>();

        // The test continues on another thread than that of the subscription.
        IObservable<JobEvent> events = watch.Events.ObserveOn(TaskPoolScheduler.Default);
        var tenth = events.Where(jobEvent => jobEvent is PollFailed).Skip(9).FirstAsync().ToTask(TestContext.Current.CancellationToken);
        var recovered = events.SkipWhile(jobEvent => jobEvent is not PollFailed).FirstAsync(jobEvent => jobEvent is PollCompleted).ToTask(TestContext.Current.CancellationToken);

        await host.StartAsync(TestContext.Current.CancellationToken);
        await watch.WaitForSyncAsync(TestContext.Current.CancellationToken);
        Volatile.Write(ref isDown, true);
        await tenth;
        Volatile.Write(ref isDown, false);
        await recovered;
        await host.StopAsync(TestContext.Current.CancellationToken);

        // Each failed poll has retried its request until the retry budget was empty, which is reported once too. The messages of the host have no id.
        Assert.Equal(
            [(108, LogLevel.Information), (109, LogLevel.Information), (101, LogLevel.Warning), (5, LogLevel.Warning), (111, LogLevel.Information)],
            log.Entries.Where(entry => entry.EventId > 0 && entry.Level >= LogLevel.Information).Select(entry => (entry.EventId, entry.Level)));
        Assert.Equal(20, log.Entries.Count(entry => entry.EventId == 1 && entry.Level == LogLevel.Debug && entry.Message.Contains("is retried", StringComparison.Ordinal)));
        Assert.Single(log.Exceptions);
    }
}
