using KooDrive.Jobs.Streams.Http.Client;

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

    /// <summary>What to authorize the next attempt with. May ask a provider, whose exceptions come out as they are.</summary>
    internal abstract ValueTask<RequestAuthorization> GetAuthorizationAsync(CancellationToken cancellationToken);

    /// <summary>Takes note that the server refused what it gave.</summary>
    /// <returns>Whether there may be another to try with.</returns>
    internal virtual bool Reject(RequestAuthorization refused) => false;
}
