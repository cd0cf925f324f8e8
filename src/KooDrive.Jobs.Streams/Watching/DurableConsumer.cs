using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams.Watching;

/// <summary>Passes events to a handler whose return acknowledges them, and writes the checkpoint after every event of a poll was acknowledged.</summary>
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
    private byte[] _saved = [];

    /// <summary>Whether the handler receives polls too: a completed poll after its events were acknowledged and the checkpoint was written.</summary>
    public bool DeliversPolls { get; init; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var checkpointLock = await store.LockAsync(cancellationToken).ConfigureAwait(false);
        await using (checkpointLock.ConfigureAwait(false))
        {
            await RunLockedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunLockedAsync(CancellationToken cancellationToken)
    {
        var checkpoint = await store.LoadAsync(cancellationToken).ConfigureAwait(false);
        var state = checkpoint is { } saved ? CheckpointFormat.Read(saved.Span, engine.Type, store) : null;
        var inbox = await engine.RestartAsync(state).ConfigureAwait(false);
        try
        {
            subscribed?.Invoke();
            await engine.ProcessAsync(inbox, HandleAsync, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // In this order: after the subscriber is removed, another consumer can require acknowledgements.
            engine.WaiveAcknowledgements();
            engine.Unsubscribe(inbox.Subscriber);
        }
    }

    private async ValueTask HandleAsync(JobEvent next, CancellationToken cancellationToken)
    {
        switch (next)
        {
            case PollFailed when !DeliversPolls:
                break;
            case PollCompleted:
                if (await TrySaveAsync(cancellationToken).ConfigureAwait(false) && DeliversPolls)
                {
                    await handler(next, cancellationToken).ConfigureAwait(false);
                }

                engine.Acknowledge();
                break;
            default:
                await handler(next, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    // The polls wait for the acknowledgement, so the state is still that of the poll whose events were processed.
    private async ValueTask<bool> TrySaveAsync(CancellationToken cancellationToken)
    {
        var checkpoint = CheckpointFormat.Write(engine.Export());
        if (checkpoint.AsSpan().SequenceEqual(_saved))
        {
            return true;
        }

        if (!await save(checkpoint, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        _saved = checkpoint;
        return true;
    }
}

/// <summary>Saves a checkpoint, and decides whether the processing continues after a failed save.</summary>
/// <param name="checkpoint">The document.</param>
/// <param name="cancellationToken">Cancels the attempt.</param>
/// <returns>False when the checkpoint was not saved and the processing continues; the checkpoint of the next poll contains it.</returns>
internal delegate ValueTask<bool> SaveCheckpoint(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken);
