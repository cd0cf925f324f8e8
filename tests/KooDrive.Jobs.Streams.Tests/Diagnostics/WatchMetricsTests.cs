using System.Collections.Concurrent;
using System.Diagnostics;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Watching;
using KooDrive.Jobs.Streams.Watching.Polling;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Diagnostics;

/// <summary>A watch with fake polls and virtual time, whose measurements have a meter of their own.</summary>
public sealed class WatchMetricsTests : IAsyncDisposable
{
    private readonly StubHandler _handler = new();
    private readonly MeasuredClient _measured;

    public WatchMetricsTests() => _measured = new MeasuredClient(_handler, "archive");

    public async ValueTask DisposeAsync()
    {
        await _measured.DisposeAsync();
        _handler.Dispose();
    }

    [Fact]
    public async Task PollDuration_is_recorded_in_seconds_with_its_outcome()
    {
        await using WatchUnderTest test = Watch(new JobWatchOptions { Jitter = 0, FatalErrorGracePeriod = TimeSpan.Zero });
        using MetricCollector<double> durations = _measured.Collect<double>("koodrive.jobs.poll.duration");
        test.Poller.Hold = new TaskCompletionSource();
        test.Record();
        test.Advance(1.5);
        test.Poller.Hold.SetResult();
        test.Poller.Hold = null;
        test.Advance(0);
        test.Poller.Fail(new JobsServerException("down"), new JobsAuthenticationException("rejected"));
        test.Advance(60);

        CollectedMeasurement<double>[] recorded = [.. durations.GetMeasurementSnapshot()];
        Assert.Equal("s", durations.Instrument!.Unit);
        Assert.Equal(["completed", "failed", "fatal"], recorded.Select(one => one.Tags["koodrive.jobs.poll.outcome"]));
        Assert.Equal(1.5, recorded[0].Value, 0.001);
        Assert.False(recorded[0].Tags.ContainsKey("error.type"));
        Assert.Equal("KooDrive.Jobs.Streams.JobsServerException", recorded[1].Tags["error.type"]);
        Assert.Equal("KooDrive.Jobs.Streams.JobsAuthenticationException", recorded[2].Tags["error.type"]);
        Assert.All(recorded, one => Assert.Equal(("drive.example", 8443, "archive"), Identity(one.Tags)));
    }

    [Fact]
    public async Task PollDuration_is_not_recorded_for_a_canceled_poll()
    {
        await using WatchUnderTest test = Watch();
        using MetricCollector<double> durations = _measured.Collect<double>("koodrive.jobs.poll.duration");
        test.Poller.Hold = new TaskCompletionSource();
        test.Record(out IDisposable subscription);
        test.Advance(1);

        subscription.Dispose();

        Assert.Equal(1, test.Poller.Canceled);
        Assert.Empty(durations.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task WatchChanges_counts_by_kind_without_the_initial_snapshot()
    {
        await using WatchUnderTest test = Watch();
        using MetricCollector<long> changes = _measured.Collect<long>("koodrive.jobs.watch.changes");
        test.Poller.Set(Running("1"), Running("2"));
        test.Record();
        test.Advance(1);
        Assert.Empty(changes.GetMeasurementSnapshot());

        test.Poller.Set(Done("1"), Running("3"), Running("4"));
        test.Poller.Remove("2");
        test.Advance(5);

        Assert.Equal(
            [("added", 2L), ("changed", 1L), ("vanished", 1L)],
            changes.GetMeasurementSnapshot().Select(one => ((string)one.Tags["koodrive.jobs.change.kind"]!, one.Value)).Order());
        Assert.All(changes.GetMeasurementSnapshot(), one => Assert.Equal(("drive.example", 8443, "archive"), Identity(one.Tags)));
    }

    [Fact]
    public async Task WatchGaps_counts_by_reason()
    {
        await using WatchUnderTest test = Watch(new JobWatchOptions { Jitter = 0, SubscriberBufferCapacity = 1 });
        using MetricCollector<long> gaps = _measured.Collect<long>("koodrive.jobs.watch.gaps");
        await using IAsyncEnumerator<JobEvent> slow = test.Watch.ReadEventsAsync(TestClients.Cancellation).GetAsyncEnumerator(TestClients.Cancellation);
        ValueTask<bool> reading = slow.MoveNextAsync();
        for (int round = 0; round < 5; round++)
        {
            test.Poller.Set(Running($"{round}"));
            test.Advance(5);
        }

        Assert.True(await reading);
        test.Engine.Telemetry.RecordSuccess(new PollOutcome(
            [new WatchGap { Reason = WatchGapReason.OrderChanged, Message = "lost", Poll = 6, ObservedAt = default }], [], 1, 0, WasFullScan: true));

        Assert.Equal(
            ["SlowSubscriber", "OrderChanged"], gaps.GetMeasurementSnapshot().Select(one => one.Tags["koodrive.jobs.gap.reason"]));
    }

    [Fact]
    public async Task WatchUnfinished_is_reported_while_the_watch_polls()
    {
        await using WatchUnderTest test = Watch(new JobWatchOptions { Jitter = 0, Type = JobType.BatchDeletion });
        using MetricCollector<int> unfinished = _measured.Collect<int>("koodrive.jobs.watch.unfinished");
        test.Poller.Set(Running("1"), Running("2"), Done("3"));
        unfinished.RecordObservableInstruments();
        Assert.Empty(unfinished.GetMeasurementSnapshot());

        test.Record(out IDisposable subscription);
        test.Advance(1);
        unfinished.RecordObservableInstruments();
        Assert.Equal(2, unfinished.LastMeasurement!.Value);
        Assert.Equal("BatchDeletion", unfinished.LastMeasurement.Tags["koodrive.jobs.query.type"]);

        subscription.Dispose();
        unfinished.Clear();
        unfinished.RecordObservableInstruments();
        Assert.Empty(unfinished.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task WatchSuccessAge_grows_while_polls_fail()
    {
        await using WatchUnderTest test = Watch();
        using MetricCollector<double> age = _measured.Collect<double>("koodrive.jobs.watch.last_success.age");
        test.Poller.Hold = new TaskCompletionSource();
        test.Record();
        test.Advance(30);
        Assert.Equal(30, Observe());

        test.Poller.Hold.SetResult();
        test.Poller.Hold = null;
        test.Advance(1);
        Assert.Equal(1, Observe(), 0.001);

        test.Poller.Fail(new JobsServerException("down"), new JobsServerException("down"));
        test.Advance(6);
        Assert.Equal(7, Observe(), 0.001);

        double Observe()
        {
            age.RecordObservableInstruments();
            Assert.Equal("s", age.Instrument!.Unit);
            return age.LastMeasurement!.Value;
        }
    }

    [Fact]
    public async Task Gauges_report_the_largest_value_of_watches_with_equal_tags()
    {
        await using WatchUnderTest few = Watch();
        await using WatchUnderTest many = Watch();
        using MetricCollector<int> unfinished = _measured.Collect<int>("koodrive.jobs.watch.unfinished");
        few.Poller.Set(Running("1"));
        many.Poller.Set(Running("1"), Running("2"), Running("3"));
        few.Record();
        many.Record();
        few.Advance(1);
        many.Advance(1);

        unfinished.RecordObservableInstruments();

        Assert.Equal(3, Assert.Single(unfinished.GetMeasurementSnapshot()).Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(JobType.BatchDeletion)]
    public async Task Poll_starts_a_trace_of_its_own_with_its_cost_and_error(JobType? type)
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == JobsDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Name == "koodrive.jobs.poll" ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = spans.Enqueue,
        };
        string name = $"spans-of-polls-{type}";
        await using var measured = new MeasuredClient(_handler, name);
        await using WatchUnderTest test = Watch(new JobWatchOptions { Jitter = 0, Type = type }, measured.Client);
        ActivitySource.AddActivityListener(listener);
        using Activity ambient = new Activity("the subscriber").Start();
        test.Poller.Set(Running("1"));
        test.Poller.Fail(new JobsServerException("down"));
        test.Record();
        test.Advance(6);

        Activity[] own = [.. spans.Where(span => name.Equals(span.GetTagItem("koodrive.jobs.client.name")))];
        Assert.Equal(2, own.Length);
        Assert.All(own, span => Assert.Null(span.ParentId));
        Assert.Equal((ActivityStatusCode.Error, "down"), (own[0].Status, own[0].StatusDescription));
        Assert.Equal(["failed", "completed"], own.Select(span => span.GetTagItem("koodrive.jobs.poll.outcome")));
        Assert.Equal([1L, 2L], own.Select(span => span.GetTagItem("koodrive.jobs.poll.number")));
        Assert.Equal((1, 1), (own[1].GetTagItem("koodrive.jobs.poll.requests"), own[1].GetTagItem("koodrive.jobs.poll.jobs")));
        Assert.All(own, span => Assert.Equal(type?.ToString(), span.GetTagItem("koodrive.jobs.query.type")));
        Assert.Same(ambient, Activity.Current);
    }

    private WatchUnderTest Watch(JobWatchOptions? options = null, JobsClient? client = null) =>
        new(options, telemetry: (client ?? _measured.Client).Telemetry);

    private static (object?, object?, object?) Identity(IReadOnlyDictionary<string, object?> tags) =>
        (tags["server.address"], tags["server.port"], tags["koodrive.jobs.client.name"]);
}
