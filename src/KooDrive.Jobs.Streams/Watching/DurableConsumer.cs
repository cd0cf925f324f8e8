using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using KooDrive.Jobs.Streams.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Watching.Delivery;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching;

/// <summary>Passes events to a handler whose return acknowledges them, and saves the checkpoint after every event of a poll has been acknowledged.</summary>
/// <param name="engine">The engine that polls.</param>
/// <param name="handler">The handler of the events.</param>
/// <param name="store">The store of the checkpoint.</param>
/// <param name="save">Saves the checkpoint in the store.</param>
/// <param name="subscribed">Called when other subscriptions can start.</param>
internal sealed class DurableConsumer(
    WatchEngine engine,
    Func<JobEvent, CancellationToken, ValueTask> handler,
    IJobCheckpointStore store,
    SaveCheckpoint save,
    Action? subscribed = null)
{
    // The hash of the checkpoint that was saved last: a process may have many thousands of consumers.
    private byte[] _saved = [];
    private long? _savedVersion;
    private bool _hasUnsavedEvents;
    private bool _isDone;

    // The jobs whose final state was acknowledged before the start. A restored watch lists them, but the handler has processed them.
    private Dictionary<string, SavedJob> _acknowledged = [];

    /// <summary>Whether the handler receives polls too: a completed poll after its events were acknowledged and the checkpoint was saved.</summary>
    public bool DeliversPolls { get; init; }

    /// <summary>
    /// Whether the processing ends after one poll: when its events were acknowledged and the checkpoint was saved, or with the exception of the poll.
    /// </summary>
    public bool EndsAfterPoll { get; init; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IAsyncDisposable checkpointLock = await store.LockAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable locked = checkpointLock.ConfigureAwait(false);
        ReadOnlyMemory<byte>? checkpoint = await store.LoadAsync(cancellationToken).ConfigureAwait(false);
        TrackerState? state = checkpoint is { IsEmpty: false } saved ? CheckpointFormat.Read(saved.Span, engine.Type, store) : null;
        _acknowledged = state?.Finished.DistinctBy(job => job.TaskId).ToDictionary(job => job.TaskId) ?? [];
        EventInbox inbox = await engine.RestartAsync(state).ConfigureAwait(false);
        try
        {
            subscribed?.Invoke();
            await engine.ProcessAsync(inbox, HandleAsync, cancellationToken, () => _isDone).ConfigureAwait(false);
            if (EndsAfterPoll && !_isDone)
            {
                // The public type that the caller disposed.
                throw new ObjectDisposedException("JobWatch", "The watch was disposed before its poll completed.");
            }
        }
        finally
        {
            // In this order: after the subscriber is removed, another consumer can require acknowledgments.
            engine.WaiveAcknowledgments();
            engine.Unsubscribe(inbox.Subscriber);
        }
    }

    private async ValueTask HandleAsync(JobEvent next, CancellationToken cancellationToken)
    {
        switch (next)
        {
            case PollFailed failed when EndsAfterPoll:
                ExceptionDispatchInfo.Throw(failed.Exception);
                break;
            case PollFailed when !DeliversPolls:
            case JobListed { Job: var job } when _acknowledged.TryGetValue(job.TaskId, out SavedJob? saved) && JobState.Of(saved.ToJob()) == JobState.Of(job):
                break;
            case PollCompleted:
                if (await TrySaveAsync(cancellationToken).ConfigureAwait(false) && DeliversPolls)
                {
                    await handler(next, cancellationToken).ConfigureAwait(false);
                }

                _acknowledged = [];
                engine.Acknowledge();
                _isDone = EndsAfterPoll;
                break;
            default:
                _hasUnsavedEvents = true;
                await handler(next, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    // The polls wait for the acknowledgment, so the state is still that of the poll whose events were processed. An unchanged checkpoint is saved after events too,
    // because the save of a store may commit what the handler wrote.
    private async ValueTask<bool> TrySaveAsync(CancellationToken cancellationToken)
    {
        long version = engine.StateVersion;
        if (!_hasUnsavedEvents && version == _savedVersion)
        {
            return true;
        }

        // Cleared, because the poll count alone would make every checkpoint differ.
        TrackerState state = engine.Export();
        byte[] checkpoint = CheckpointFormat.Write(EndsAfterPoll ? state : state with { PollsSinceFullScan = 0 });
        byte[] hash = SHA256.HashData(checkpoint);
        if (!_hasUnsavedEvents && hash.AsSpan().SequenceEqual(_saved))
        {
            _savedVersion = version;
            return true;
        }

        if (!await save(checkpoint, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        (_saved, _savedVersion, _hasUnsavedEvents) = (hash, version, false);
        return true;
    }
}

/// <summary>Saves a checkpoint, and decides whether the processing continues after a failed save.</summary>
/// <param name="checkpoint">The document.</param>
/// <param name="cancellationToken">Cancels the attempt.</param>
/// <returns>False when the checkpoint was not saved and the processing continues; the checkpoint of the next poll contains it.</returns>
internal delegate ValueTask<bool> SaveCheckpoint(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken);
