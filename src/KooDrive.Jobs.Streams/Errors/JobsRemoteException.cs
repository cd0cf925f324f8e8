namespace KooDrive.Jobs.Streams;

/// <summary>The error of a <see cref="PollFailed"/> event that was read from JSON, of which only the message is known.</summary>
/// <remarks><see cref="IsTransient"/> is true, because the watch that published the event polls again.</remarks>
public sealed class JobsRemoteException : JobsException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message that was read.</param>
    public JobsRemoteException(string message)
        : base(message, innerException: null)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
