using System.Collections.Concurrent;
using System.Reactive.Disposables;
using KooDrive.Jobs.Streams.Watching;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;
using Microsoft.Extensions.Logging.Abstractions;

namespace KooDrive.Jobs.Streams.Tests.Watching;

/// <summary>Real threads, polls without delays, and subscribers that subscribe and unsubscribe at random times.</summary>
public class WatchStormTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_loses_and_repeats_nothing_under_concurrent_subscriptions_and_disposal()
    {
        var violations = new ConcurrentQueue<string>();
        for (int round = 0; round < 1_000 / PropertyRuns.Divisor; round++)
        {
            await RoundAsync(round, violations).WaitAsync(TimeSpan.FromSeconds(60), None);
        }

        Assert.Empty(violations);
    }

    private static async Task RoundAsync(int round, ConcurrentQueue<string> violations)
    {
        var poller = new CountingPoller(violations);
        var watch = new JobWatch(new WatchEngine(
            new JobWatchOptions { PollInterval = TimeSpan.Zero }, new JobWatchServices(), _ => poller, AsyncEnumerable.Empty<Job>, () => 0, NullLogger.Instance));
        watch.ObserverDropped += (_, e) => violations.Enqueue(e.Exception.ToString());
        var ended = new ConcurrentBag<Task>();
        Task[] callers = Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            // The actions depend on the round, so that a thousand rounds cover every combination.
            switch ((round >> (2 * caller)) % 4)
            {
                case 0:
                    var unsubscribing = new RecordingSubscriber(watch, violations, ended);
                    await unsubscribing.Received.Task;
                    unsubscribing.Unsubscribe();
                    break;
                case 1:
                    _ = new RecordingSubscriber(watch, violations, ended, self => self.Unsubscribe());
                    break;
                case 2:
                    _ = new RecordingSubscriber(watch, violations, ended, _ => _ = new RecordingSubscriber(watch, violations, ended));
                    break;
                default:
                    ended.Add(RecordingSubscriber.ReadAsync(watch, violations));
                    break;
            }
        })).ToArray();
        var last = new RecordingSubscriber(watch, violations, ended);
        await Task.WhenAll(callers);
        await last.Received.Task;
        if (round % 2 == 0)
        {
            await watch.DisposeAsync();
        }
        else
        {
            var disposed = new TaskCompletionSource();
            _ = new RecordingSubscriber(watch, violations, ended, async _ =>
            {
                await watch.DisposeAsync();
                disposed.TrySetResult();
            });
            await disposed.Task;

            // A disposal in an observer does not wait for the observer; this disposal does.
            await watch.DisposeAsync();
        }

        poller.IsOver = true;
        if (poller.InFlight != 0)
        {
            violations.Enqueue("a request in flight after DisposeAsync");
        }

        await Task.WhenAll(ended);
    }

    /// <summary>One job, whose result is the number of the poll.</summary>
    private sealed class CountingPoller(ConcurrentQueue<string> violations) : IJobPoller
    {
        private int _inFlight;
        private long _count;

        public bool IsOver { get; set; }

        public int InFlight => Volatile.Read(ref _inFlight);

        public async Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _inFlight) != 1 || IsOver)
            {
                violations.Enqueue("a poll during another, or after the end");
            }

            try
            {
                if (poll % 2 == 0)
                {
                    await Task.Yield();
                }

                cancellationToken.ThrowIfCancellationRequested();
                Job before = Numbered(_count);
                Job job = Numbered(++_count);
                JobEvent[] events = _count == 1
                    ? [new JobListed { Job = job, Poll = poll }, new WatchSynced { Poll = poll }]
                    : [new JobChanged { Job = job, Previous = before, Poll = poll }];
                return new PollOutcome(events, [job], 1, 1, false);
            }
            finally
            {
                Interlocked.Decrement(ref _inFlight);
            }
        }

        public long StateVersion => _count;

        public TrackerState Export() => throw new NotSupportedException();

        private static Job Numbered(long number) => new() { TaskId = "1", Status = JobStatus.Processing, ResultCode = number, Result = (JobResult)number };
    }

    /// <summary>Throws unless it receives consecutive numbers.</summary>
    private sealed class RecordingSubscriber : IObserver<JobEvent>, IDisposable
    {
        private readonly ConcurrentQueue<string> _violations;
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SingleAssignmentDisposable _subscription = new();
        private readonly Action<RecordingSubscriber>? _onThirdEvent;
        private long _number;
        private int _events;
        private int _inside;
        private bool _isSynced;
        private volatile bool _hasEnded;

        public RecordingSubscriber(JobWatch watch, ConcurrentQueue<string> violations, ConcurrentBag<Task> ended, Action<RecordingSubscriber>? onThirdEvent = null)
        {
            _violations = violations;
            _onThirdEvent = onThirdEvent;
            ended.Add(_ended.Task);
            _subscription.Disposable = watch.Events.Subscribe(this);
        }

        public TaskCompletionSource Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static async Task ReadAsync(JobWatch watch, ConcurrentQueue<string> violations)
        {
            long number = 0;
            await foreach (JobEvent next in watch.ReadEventsAsync(None))
            {
                Check(next, ref number, violations);
            }
        }

        public void Unsubscribe()
        {
            Dispose();
            _ended.TrySetResult();
        }

        public void Dispose() => _subscription.Dispose();

        public void OnNext(JobEvent value)
        {
            if (Interlocked.Exchange(ref _inside, 1) == 1 || _hasEnded)
            {
                _violations.Enqueue("two events at a time, or one after the end");
            }

            Check(value, ref _number, _violations);
            if (value is WatchSynced && _isSynced)
            {
                _violations.Enqueue("synced twice");
            }

            _isSynced = value is WatchSynced || (_isSynced && value is not WatchGap);
            Received.TrySetResult();
            if (++_events == 3)
            {
                _onThirdEvent?.Invoke(this);
            }

            Volatile.Write(ref _inside, 0);
        }

        public void OnError(Exception error)
        {
            _violations.Enqueue(error.ToString());
            _ended.TrySetResult();
        }

        public void OnCompleted()
        {
            _hasEnded = true;
            Received.TrySetResult();
            _ended.TrySetResult();
        }

        private static void Check(JobEvent next, ref long number, ConcurrentQueue<string> violations)
        {
            long? received = next switch
            {
                JobListed listed => listed.Job.ResultCode,
                JobChange change => change.Job.ResultCode,
                _ => null,
            };
            if (received is { } present)
            {
                if (next is JobListed ? number != 0 : present != number + 1)
                {
                    violations.Enqueue($"{present} after {number}");
                }

                number = present;
            }
            else if (next is WatchGap)
            {
                // Polls without delays may be too fast for some subscribers.
                number = 0;
            }
        }
    }
}
