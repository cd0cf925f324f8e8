namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>Saves a checkpoint, and decides whether the processing continues after a failed save.</summary>
/// <param name="checkpoint">The document.</param>
/// <param name="cancellationToken">Cancels the attempt.</param>
/// <returns>False when the checkpoint was not saved and the processing continues; the checkpoint of the next poll contains it.</returns>
internal delegate ValueTask<bool> SaveCheckpoint(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken);
