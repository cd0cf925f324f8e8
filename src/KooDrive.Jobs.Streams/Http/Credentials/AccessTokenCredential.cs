namespace KooDrive.Jobs.Streams;

/// <summary>An access token, fixed or from a provider that is asked again when the server refuses it.</summary>
/// <remarks>The documents give a token a life of 20 minutes from its last use, so a process that pauses longer needs a provider.</remarks>
public sealed class AccessTokenCredential : JobsCredential
{
    /// <summary>A fixed token: when the server refuses it, the request fails.</summary>
    /// <param name="accessToken">The token itself, without the prefix (<see cref="JobsClientOptions.AuthorizationPrefix"/>).</param>
    /// <exception cref="ArgumentException">The token is empty or holds characters that no header can carry.</exception>
    public AccessTokenCredential(string accessToken) => ArgumentException.ThrowIfNullOrWhiteSpace(accessToken);

    /// <summary>Tokens from a provider, which is asked before the first request and whenever the server answers 401.</summary>
    /// <param name="provider">
    /// Gives a token. It is asked once for all requests in flight, never twice at the same time. What it throws fails the requests that wait for it.
    /// </param>
    public AccessTokenCredential(Func<CancellationToken, ValueTask<string>> provider) => ArgumentNullException.ThrowIfNull(provider);

    /// <summary>The name of the type alone.</summary>
    public override string ToString() => nameof(AccessTokenCredential);
}
