using KooDrive.Jobs.Streams.Http.Client;

namespace KooDrive.Jobs.Streams;

/// <summary>The base class of the credentials: <see cref="AccessTokenCredential"/> and <see cref="AppCredential"/>.</summary>
/// <remarks>Thread-safe; several clients may share a credential. <see cref="object.ToString"/> shows no secret.</remarks>
public abstract class JobsCredential
{
    private protected JobsCredential()
    {
    }

    /// <summary>Returns the authorization of the next attempt. May call a provider, whose exceptions are not converted.</summary>
    internal abstract ValueTask<RequestAuthorization> GetAuthorizationAsync(CancellationToken cancellationToken);

    /// <summary>Records that the server rejected an authorization.</summary>
    /// <returns>Whether the next authorization may differ.</returns>
    internal virtual bool Reject(RequestAuthorization rejected) => false;
}
