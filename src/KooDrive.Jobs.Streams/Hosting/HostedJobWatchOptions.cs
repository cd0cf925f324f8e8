namespace KooDrive.Jobs.Streams;

/// <summary>The options of a watch in a host: those of the watch itself, of its handlers and of its checkpoint.</summary>
/// <remarks>The options are validated when the host starts, and all errors are reported together.</remarks>
public sealed class HostedJobWatchOptions : JobWatchOptions
{
    /// <summary>The path of the checkpoint file, with which handlers also receive the changes that occurred while no process ran.</summary>
    /// <remarks>
    /// Null (the default) means the <see cref="IJobCheckpointStore"/> in the container; if the container has none, there is no checkpoint.
    /// </remarks>
    public string? CheckpointPath { get; set; }

    /// <summary>The maximum number of retries of a handler for the same change, 0 to 100. Default 5.</summary>
    public int MaxHandlerRetries { get; set; } = 5;

    /// <summary>The maximum number of retries of a failed save of the checkpoint, 0 to 100. Default 5.</summary>
    /// <remarks>
    /// A store that commits what handlers wrote together with the checkpoint needs 0: a retry would save the checkpoint without what the handlers wrote.
    /// </remarks>
    public int MaxSaveRetries { get; set; } = 5;

    /// <summary>The delay before the first retry of a handler or of a save, 0 to 1 day. Default 1 second. It doubles with each retry; jitter is added.</summary>
    public TimeSpan HandlerRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum delay before a retry of a handler or of a save, <see cref="HandlerRetryDelay"/> to 1 day. Default 1 minute.</summary>
    public TimeSpan MaxHandlerRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The action for a change that a handler does not process successfully, and for a checkpoint that cannot be saved, after all retries. Default
    /// <see cref="FailedChangeAction.StopHost"/>.
    /// </summary>
    public FailedChangeAction FailedChangeAction { get; set; }

    /// <summary>The time since the last successful poll after which the health check reports unhealthy, 1 second to 1 day. Default 5 minutes.</summary>
    /// <remarks>
    /// Choose a time longer than the intervals between polls. While the polls wait for handlers with a checkpoint, the health check reports degraded instead.
    /// </remarks>
    public TimeSpan UnhealthyAfter { get; set; } = TimeSpan.FromMinutes(5);
}
