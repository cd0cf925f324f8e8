namespace KooDrive.Jobs.Streams;

/// <summary>The data of <see cref="JobWatch.ObserverDropped"/>: an observer threw and receives no more events.</summary>
/// <param name="exception">The exception of the observer.</param>
public sealed class ObserverDroppedEventArgs(Exception exception) : EventArgs
{
    /// <summary>The exception of the observer.</summary>
    public Exception Exception { get; } = exception;
}
