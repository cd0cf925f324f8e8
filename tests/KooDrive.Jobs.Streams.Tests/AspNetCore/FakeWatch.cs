using System.Runtime.CompilerServices;

namespace KooDrive.Jobs.Streams.Tests.AspNetCore;

/// <summary>A watch without a server: publishes the given events, then fails if configured, otherwise waits until its reader unsubscribes.</summary>
internal sealed class FakeWatch(params JobEvent[] events) : JobWatch
{
    private readonly TaskCompletionSource _unsubscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Exception? Failure { get; init; }

    /// <summary>Completes when a reader has unsubscribed.</summary>
    public Task Unsubscribed => _unsubscribed.Task;

    /// <summary>The number of readers so far.</summary>
    public int Readers { get; private set; }

    /// <summary>Called when a reader has subscribed, before its first event.</summary>
    public Action<FakeWatch>? Subscribed { get; init; }

    public JobWatchHealth State { get; set; } = new() { PollCount = 7, ConsecutiveFailureCount = 1 };

    public override JobWatchHealth Health => State;

    public IReadOnlyList<Job> Unfinished { get; init; } = [];

    public override IReadOnlyList<Job> UnfinishedJobs => Unfinished;

    public override async IAsyncEnumerable<JobEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Readers++;
        Subscribed?.Invoke(this);
        try
        {
            foreach (JobEvent jobEvent in events)
            {
                yield return jobEvent;
            }

            if (Failure is not null)
            {
                throw Failure;
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        finally
        {
            _unsubscribed.TrySetResult();
        }
    }
}
