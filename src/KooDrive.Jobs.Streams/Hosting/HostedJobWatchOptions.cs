namespace KooDrive.Jobs.Streams;

/// <summary>How a watch runs in a host. Checked when the host starts, all that is out of range together.</summary>
public sealed class HostedJobWatchOptions
{
    /// <summary>How it polls and what it keeps.</summary>
    public JobWatchOptions Watch { get; set; } = new();

    /// <summary>
    /// The file of the checkpoint, through which handlers are told after a restart what changed meanwhile. Null, the default, for the
    /// <see cref="IJobCheckpointStore"/> in the container; if there is none either, nothing is kept.
    /// </summary>
    public string? CheckpointPath { get; set; }

    /// <summary>How often a handler that throws is called again for the same change, and a failed save of the checkpoint repeated, 0-100. Default 5.</summary>
    public int MaxHandlerRetries { get; set; } = 5;

    /// <summary>The wait before the first retry, 0 to 1 day. Default 1 second. It doubles with each, and is spread at random.</summary>
    public TimeSpan HandlerRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before a retry, <see cref="HandlerRetryDelay"/> to 1 day. Default 1 minute.</summary>
    public TimeSpan MaxHandlerRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What happens to a change that a handler has not succeeded with, and to a checkpoint that cannot be saved, retries included. Default
    /// <see cref="FailedChangeAction.StopHost"/>.
    /// </summary>
    public FailedChangeAction FailedChanges { get; set; }

    /// <summary>
    /// How long ago a poll may have succeeded last before the health check says unhealthy, 1 second to 1 day. Default 5 minutes. Longer than the intervals
    /// between polls. While the polls wait for handlers with a checkpoint, the health check then says degraded instead.
    /// </summary>
    public TimeSpan UnhealthyAfter { get; set; } = TimeSpan.FromMinutes(5);
}
