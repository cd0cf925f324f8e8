namespace KooDrive.Jobs.Streams;

/// <summary>A failure of which only the text is known: the error of a <see cref="PollFailed"/> event that was read from JSON.</summary>
/// <remarks>The exception itself is in the process that wrote the event. <see cref="IsTransient"/> is true: the watch there polls again.</remarks>
public sealed class JobsRemoteException : JobsException
{
    /// <summary>Initializes the exception with the text that was read.</summary>
    /// <param name="message">The text.</param>
    public JobsRemoteException(string message)
        : base(message, innerException: null)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
