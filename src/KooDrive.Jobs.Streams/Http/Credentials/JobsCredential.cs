namespace KooDrive.Jobs.Streams;

/// <summary>
/// What proves to the server who asks: an <see cref="AccessTokenCredential"/> or an <see cref="AppCredential"/>. Safe to share
/// between clients and threads; <see cref="object.ToString"/> shows nothing secret.
/// </summary>
public abstract class JobsCredential
{
    private protected JobsCredential()
    {
    }
}
