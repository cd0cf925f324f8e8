namespace KooDrive.Jobs.Streams;

/// <summary>An observer that threw, and gets no more events.</summary>
/// <param name="exception">What it threw.</param>
public sealed class ObserverDroppedEventArgs(Exception exception) : EventArgs
{
    /// <summary>What it threw.</summary>
    public Exception Exception { get; } = exception;
}
