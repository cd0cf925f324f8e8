using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams.Watching;

/// <summary>Passes events to a handler whose return acknowledges them, and writes the checkpoint after every event of a poll was acknowledged.</summary>
/// <param name="engine">The engine that polls.</param>
/// <param name="handler">The handler of the events.</param>
/// <param name="store">The store of the checkpoint.</param>
/// <param name="subscribed">Called when other subscriptions can start.</param>
internal sealed class DurableConsumer(
    WatchEngine engine, Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, Action? subscribed = null)
{
    private byte[] _saved = [];
    private long? _savedVersion;

    /// <summary>Whether the handler receives polls too: a completed poll after its events were acknowledged and the checkpoint was written.</summary>
    public bool DeliversPolls { get; init; }

    /// <summary>Saves the checkpoint, with retries for instance; null to save it once, which must succeed.</summary>
    public SaveCheckpoint? Save { get; init; }

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
                await SaveAsync(cancellationToken).ConfigureAwait(false);
                if (DeliversPolls)
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
    private async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        if (engine.StateVersion == _savedVersion)
        {
            return;
        }

        var checkpoint = CheckpointFormat.Write(engine.Export());
        if (!checkpoint.AsSpan().SequenceEqual(_saved))
        {
            if (Save is { } save)
            {
                if (!await save(checkpoint, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }
            else
            {
                await store.SaveAsync(checkpoint, cancellationToken).ConfigureAwait(false);
            }

            _saved = checkpoint;
        }

        _savedVersion = engine.StateVersion;
    }
}
