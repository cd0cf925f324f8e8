using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

public sealed class OrleansStreamSinkTests
{
    private const string Provider = "memory";

    [Fact]
    public async Task Stream_of_an_account_receives_its_events_in_order()
    {
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        EmulatedJob[] jobs = [.. Enumerable.Range(0, 20).Select(_ => emulator.Jobs.Add(taskType: 2))];
        JobAccount account = TestAccounts.Get(emulator, 1);
        JobAccount other = TestAccounts.Get(emulator, 2);
        var received = new RecordingSink();
        await using EmbeddedSilo silo = await EmbeddedSilo.StartAsync(sink: null, new TestAccounts(), change: silo => silo
            .AddMemoryStreams(Provider).AddMemoryGrainStorage("PubSubStore").AddKooDriveOrleansStreamSink(Provider));
        IAsyncStream<AccountJobEvent> stream = silo.Services.GetRequiredService<IClusterClient>().GetStreamProvider(Provider)
            .GetStream<AccountJobEvent>(StreamId.Create(JobWatchGrainDefaults.StreamNamespace, account.ToString()));
        await stream.SubscribeAsync(async (next, _) => await received.WriteAsync(next, TestContext.Current.CancellationToken));

        await silo.Watch(other).StartAsync();
        await silo.Watch(account).StartAsync();
        await received.WaitAsync(events => events.Any(next => next.Event is WatchSynced));
        emulator.Jobs.Start(jobs[0].TaskId);
        EmulatedJob finished = emulator.Jobs.Finish(jobs[0].TaskId, taskResultCode: 2);
        await received.WaitForKeyAsync(TestAccounts.Key(account, finished));

        Assert.All(received.Events, next => Assert.Equal(account, next.Account));
        Assert.Equal(jobs.Select(job => TestAccounts.Key(account, job)), received.Keys.Take(jobs.Length));
        Assert.IsType<WatchSynced>(received.Events[jobs.Length].Event);
        Assert.Equal(received.Events.Select(next => next.Event.ObservedAt).Order(), received.Events.Select(next => next.Event.ObservedAt));
        Assert.Equal(jobs[0].TaskId, Assert.IsType<JobListed>(received.Events[0].Event).Job.TaskId);
    }
}
