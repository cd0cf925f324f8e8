using KooDrive.Jobs.Streams.Watching.Checkpoints;

namespace KooDrive.Jobs.Streams.Watching;

/// <summary>Hands events to a handler whose return is the acknowledgement, and writes the checkpoint after those of a poll were acknowledged.</summary>
/// <param name="engine">What polls.</param>
/// <param name="handler">Deals with events.</param>
/// <param name="store">Keeps the checkpoint.</param>
/// <param name="subscribed">Called when others may subscribe.</param>
internal sealed class DurableConsumer(
    WatchEngine engine, Func<JobEvent, CancellationToken, ValueTask> handler, IJobCheckpointStore store, Action? subscribed = null)
{
    private byte[] _saved = [];

    /// <summary>Whether the handler gets polls too: a completed one when all its events were acknowledged and the checkpoint is written.</summary>
    public bool TellsPolls { get; init; }

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
            await engine.ProcessAsync(inbox, DealWithAsync, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // In this order: once it has left, another may require acknowledgements.
            engine.WaiveAcknowledgements();
            engine.Leave(inbox.Subscriber);
        }
    }

    private async ValueTask DealWithAsync(JobEvent next, CancellationToken cancellationToken)
    {
        switch (next)
        {
            case PollFailed when !TellsPolls:
                break;
            case PollCompleted:
                await SaveAsync(cancellationToken).ConfigureAwait(false);
                if (TellsPolls)
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

    // The polls wait for the acknowledgement, so the state is still that of the poll whose events were dealt with.
    private async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
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
    }
}
