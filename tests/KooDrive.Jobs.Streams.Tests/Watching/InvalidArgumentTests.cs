using System.Reactive.Linq;
using System.Reactive.Subjects;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams.Tests.Watching;

/// <summary>Invalid arguments are rejected immediately, with the name of the parameter.</summary>
public sealed class InvalidArgumentTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    // A method that wrongly accepts an argument ends immediately.
    private static readonly CancellationToken Canceled = new(canceled: true);

    private delegate Task DurableProcessing(
        Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, JobProcessingOptions? options, CancellationToken cancellationToken);

    [Fact]
    public async Task Watch_methods_reject_null_arguments_by_name()
    {
        await using var test = new WatchUnderTest();
        await using var fake = JobWatch.FromEvents(new WatchSynced());

        foreach (JobWatch watch in new[] { test.Watch, fake })
        {
            Assert.Throws<ArgumentNullException>("taskId", () => watch.ObserveJob(null!));
            Assert.Throws<ArgumentException>("taskId", () => watch.ObserveJob(""));
            await Assert.ThrowsAsync<ArgumentNullException>("handler", () => watch.ProcessAsync(null!, Canceled));
            await Assert.ThrowsAsync<ArgumentNullException>("handler", () => watch.ProcessChangesAsync(null!, Canceled));
            foreach (DurableProcessing process in new DurableProcessing[] { watch.ProcessAsync, watch.ProcessWithPollsAsync, watch.ProcessOnceAsync })
            {
                await Assert.ThrowsAsync<ArgumentNullException>("handler", () => process(null!, new MemoryCheckpointStore(), null, Canceled));
                await Assert.ThrowsAsync<ArgumentNullException>("store", () => process((_, _) => ValueTask.CompletedTask, null!, null, Canceled));
            }

            await Assert.ThrowsAsync<ArgumentNullException>("handler", () => watch.ProcessAsync(null!, new MemoryCheckpointStore(), Canceled));
            await Assert.ThrowsAsync<ArgumentNullException>("store", () => watch.ProcessAsync((_, _) => ValueTask.CompletedTask, null!, Canceled));
        }

        Assert.Throws<ArgumentNullException>("events", () => JobWatch.FromEvents((IEnumerable<JobEvent>)null!));
        Assert.Throws<ArgumentNullException>("events", () => JobWatch.FromEvents((IObservable<JobEvent>)null!));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(24.1 * 86_400)]
    public async Task WaitForFinishAsync_rejects_a_timeout_out_of_range(double seconds)
    {
        await using var test = new WatchUnderTest();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("timeout", () => test.Watch.WaitForFinishAsync("1", TimeSpan.FromSeconds(seconds), None));
    }

    [Fact]
    public void Scheduler_rejects_null() => Assert.Throws<ArgumentNullException>("value", () => new JobWatchServices { Scheduler = null! });

    [Fact]
    public void Operators_reject_null_arguments_by_name()
    {
        using var changes = new Subject<JobChange>();
        Assert.Throws<ArgumentNullException>("changes", () => ((IObservable<JobChange>)null!).WhereJustFinished());
        Assert.Throws<ArgumentNullException>("changes", () => ((IObservable<JobChange>)null!).WhereJustSucceeded());
        Assert.Throws<ArgumentNullException>("changes", () => ((IObservable<JobChange>)null!).WhereJustFailed());
        Assert.Throws<ArgumentNullException>("changes", () => ((IObservable<JobChange>)null!).WhereType(JobType.BatchDeletion));
        Assert.Throws<ArgumentNullException>("changes", () => ((IObservable<JobChange>)null!).WhereJob("1"));
        Assert.Throws<ArgumentNullException>("taskId", () => changes.WhereJob(null!));
        Assert.Throws<ArgumentException>("taskId", () => changes.WhereJob(""));
    }
}
