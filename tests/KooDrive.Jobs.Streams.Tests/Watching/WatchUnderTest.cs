using System.Globalization;
using System.Reactive;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching;
using KooDrive.Jobs.Streams.Watching.Tracking;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Watching;

/// <summary>A watch with fake polls and virtual time.</summary>
internal sealed class WatchUnderTest : IAsyncDisposable
{
    public WatchUnderTest(
        JobWatchOptions? options = null,
        int retained = int.MaxValue,
        IEnumerable<Job>? jobs = null,
        ClientTelemetry? telemetry = null,
        Func<Exception, bool>? isFatal = null,
        double random = 0)
    {
        Clock = new JumpingClock(Scheduler);
        Poller = new FakePoller(Scheduler, retained);
        Poller.Set(NextJobs = jobs ?? []);
        Engine = new WatchEngine(
            (options ?? new JobWatchOptions { Jitter = 0 }).Validated(nameof(options)),
            new JobWatchServices { Scheduler = Clock, IsFatal = isFatal },
            Create,
            () =>
            {
                Walks++;
                return WalkFails.TryDequeue(out Exception? exception) ? throw exception : Poller.List();
            },
            () => random,
            Log,
            telemetry);
        Watch = new JobWatch(Engine);
    }

    public RecordingLogger Log { get; } = new();

    public TestScheduler Scheduler { get; } = new();

    /// <summary>The scheduler of the watch: that of the test, with a wall clock that can be set.</summary>
    public JumpingClock Clock { get; }

    public FakePoller Poller { get; private set; }

    /// <summary>The list of a poller that is created from a checkpoint.</summary>
    public IEnumerable<Job> NextJobs { get; set; }

    public WatchEngine Engine { get; }

    public JobWatch Watch { get; }

    public int Walks { get; private set; }

    public Queue<Exception> WalkFails { get; } = [];

    public static string Describe(JobEvent next) => next switch
    {
        JobListed listed => $"listed {listed.Job.TaskId}",
        WatchSynced => "synced",
        JobAdded added => $"added {added.Job.TaskId}",
        JobChanged changed => $"changed {changed.Job.TaskId} {changed.Job.Status}",
        JobVanished vanished => $"vanished {vanished.Job.TaskId}",
        WatchGap gap => $"gap {gap.Reason}",
        PollFailed failed => string.Create(CultureInfo.InvariantCulture, $"failed {failed.ConsecutiveFailureCount} {failed.Delay.TotalSeconds}"),
        PollCompleted => "polled",
        _ => throw new InvalidOperationException(next.GetType().Name),
    };

    /// <summary>Subscribes to all events, and records them as text.</summary>
    public List<string> Record(out IDisposable subscription)
    {
        var received = new List<string>();
        subscription = Watch.Events.Subscribe(Observer.Create<JobEvent>(
            next => received.Add(Describe(next)),
            exception => received.Add(exception.GetType().Name),
            () => received.Add("completed")));
        return received;
    }

    public List<string> Record() => Record(out _);

    public void Advance(double seconds) => Scheduler.AdvanceBy(TimeSpan.FromSeconds(seconds).Ticks);

    public ValueTask DisposeAsync() => Watch.DisposeAsync();

    private FakePoller Create(TrackerState? state)
    {
        if (state is not null)
        {
            Poller = new FakePoller(Scheduler) { Restored = state };
            Poller.Set(NextJobs);
        }

        return Poller;
    }
}
