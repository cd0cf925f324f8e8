using System.Globalization;
using System.Reactive.Subjects;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public sealed class SubscribeAsyncTests : IDisposable
{
    private readonly Subject<JobChange> _changes = new();

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose() => _changes.Dispose();

    [Fact]
    public async Task The_handler_is_called_in_order_and_never_twice_at_a_time()
    {
        List<string> handled = [];
        int running = 0;
        Task subscription = _changes.SubscribeAsync(
            async (change, _) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                await Task.Yield();
                handled.Add(change.Job.TaskId);
                Interlocked.Decrement(ref running);
            },
            TestEnd);

        Tell(1_000);
        _changes.OnCompleted();
        await subscription;

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => i.ToString(CultureInfo.InvariantCulture)), handled);
    }

    [Fact]
    public async Task What_the_handler_throws_ends_the_subscription_and_the_task()
    {
        Task subscription = _changes.SubscribeAsync((_, _) => throw new NotSupportedException("no"), TestEnd);

        Tell(2);

        await Assert.ThrowsAsync<NotSupportedException>(() => subscription);
        Assert.False(_changes.HasObservers);
    }

    [Fact]
    public async Task An_error_of_the_changes_comes_after_those_before_it()
    {
        int handled = 0;
        Task subscription = _changes.SubscribeAsync(
            (_, _) =>
            {
                handled++;
                return ValueTask.CompletedTask;
            },
            TestEnd);

        Tell(3);
        _changes.OnError(new JobsAuthenticationException("refused"));

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => subscription);
        Assert.Equal(3, handled);
    }

    [Fact]
    public async Task Cancellation_ends_the_subscription()
    {
        using var cancellation = new CancellationTokenSource();
        Task subscription = _changes.SubscribeAsync((_, _) => ValueTask.CompletedTask, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subscription);
        Assert.False(_changes.HasObservers);
    }

    [Fact]
    public async Task A_handler_that_falls_too_far_behind_is_told_instead_of_missing_changes()
    {
        var first = new TaskCompletionSource();
        int handled = 0;
        Task subscription = _changes.SubscribeAsync(
            async (_, _) =>
            {
                await first.Task;
                handled++;
            },
            TestEnd);

        Tell(10_002);
        first.SetResult();

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => subscription);
        Assert.Contains("10000 changes behind", failure.Message, StringComparison.Ordinal);
        Assert.InRange(handled, 10_000, 10_001);
    }

    private void Tell(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _changes.OnNext(new JobAdded { Job = new Job { TaskId = i.ToString(CultureInfo.InvariantCulture) } });
        }
    }
}
