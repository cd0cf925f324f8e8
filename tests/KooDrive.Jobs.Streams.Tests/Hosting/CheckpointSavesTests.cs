using KooDrive.Jobs.Streams.Hosting;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public sealed class CheckpointSavesTests : IDisposable
{
    private static readonly byte[] Checkpoint = [1, 2, 3];

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _log = new();
    private readonly MemoryCheckpointStore _store = new();
    private int _attempts;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task SaveAsync_retries_after_a_delay_by_the_clock()
    {
        FailTimes(3);
        Task<bool> saving = Saves(options => options.HandlerRetryDelay = TimeSpan.FromHours(1)).SaveAsync(Checkpoint, TestClients.Cancellation).AsTask();
        Assert.Equal((1, false), (_attempts, saving.IsCompleted));

        await _time.RunAsync(saving, TimeSpan.FromHours(1));

        Assert.True(await saving);
        Assert.Equal((4, 1), (_attempts, _store.Saves));
        Assert.Equal([300, 300, 300], _log.EventIds);
    }

    [Theory]
    [InlineData(FailedChangeAction.StopHost, 302, LogLevel.Critical)]
    [InlineData(FailedChangeAction.Skip, 301, LogLevel.Error)]
    public async Task SaveAsync_applies_FailedChangeAction_when_no_retry_succeeds(FailedChangeAction action, int eventId, LogLevel level)
    {
        FailTimes(100);
        CheckpointSaves saves = Saves(options =>
        {
            options.MaxHandlerRetries = 0;
            options.MaxSaveRetries = 2;
            options.HandlerRetryDelay = TimeSpan.Zero;
            options.FailedChangeAction = action;
        });

        if (action is FailedChangeAction.StopHost)
        {
            await Assert.ThrowsAsync<IOException>(async () => await saves.SaveAsync(Checkpoint, TestClients.Cancellation));
        }
        else
        {
            Assert.False(await saves.SaveAsync(Checkpoint, TestClients.Cancellation));
        }

        Assert.Equal(3, _attempts);
        Assert.Equal(
            [(300, LogLevel.Warning), (300, LogLevel.Warning), (300, LogLevel.Warning), (eventId, level)],
            _log.Entries.Select(entry => (entry.EventId, entry.Level)));
    }

    [Theory]
    [InlineData(FailedChangeAction.StopHost)]
    [InlineData(FailedChangeAction.Skip)]
    public async Task SaveAsync_throws_OperationCanceledException_whatever_the_store_throws(FailedChangeAction action)
    {
        using var cancel = new CancellationTokenSource();
        _store.BeforeSave = () =>
        {
            cancel.Cancel();
            throw new InvalidOperationException("the operation was aborted");
        };

        OperationCanceledException canceled = await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await Saves(options => options.FailedChangeAction = action).SaveAsync(Checkpoint, cancel.Token));

        Assert.Equal(cancel.Token, canceled.CancellationToken);
        Assert.Empty(_log.EventIds);
    }

    [Fact]
    public async Task SaveAsync_ends_when_canceled_during_a_delay()
    {
        using var cancel = new CancellationTokenSource();
        FailTimes(1);
        Task<bool> saving = Saves().SaveAsync(Checkpoint, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
        Assert.Equal(1, _attempts);
    }

    private void FailTimes(int failures) => _store.BeforeSave = () =>
    {
        if (++_attempts <= failures)
        {
            throw new IOException("The store is busy.");
        }
    };

    private CheckpointSaves Saves(Action<HostedJobWatchOptions>? change = null)
    {
        var options = new HostedJobWatchOptions();
        change?.Invoke(options);
        return new CheckpointSaves(_store, options, _time, _log);
    }
}
