using System.Collections.Concurrent;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>A sink that keeps the events, and of which a test can wait for some of them. Thread-safe.</summary>
internal sealed class RecordingSink : IJobEventSink
{
    private readonly ConcurrentQueue<AccountJobEvent> _events = new();
    private volatile TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called before an event is kept. An exception that it throws is that of the sink.</summary>
    public Func<AccountJobEvent, ValueTask>? BeforeWrite { get; set; }

    public IReadOnlyList<AccountJobEvent> Events => [.. _events];

    public IEnumerable<string> Keys => Events.Select(next => next.Key).OfType<string>();

    public async ValueTask WriteAsync(AccountJobEvent jobEvent, CancellationToken cancellationToken)
    {
        if (BeforeWrite is { } before)
        {
            await before(jobEvent);
        }

        _events.Enqueue(jobEvent);
        Interlocked.Exchange(ref _added, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Waits until the events have a property.</summary>
    public async Task WaitAsync(Func<IReadOnlyList<AccountJobEvent>, bool> condition)
    {
        while (true)
        {
            Task added = _added.Task;
            if (condition(Events))
            {
                return;
            }

            await added.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until a state of a job was delivered to an account.</summary>
    public Task WaitForKeyAsync(string key) => WaitAsync(events => events.Any(next => next.Key == key));
}
