using System.Diagnostics;
using KooDrive.Jobs.Streams.Http;
using KooDrive.Jobs.Streams.Http.Client;

namespace KooDrive.Jobs.Streams;

/// <summary>A credential that signs each request with the secret of an app (HMAC-SHA256) instead of sending a token.</summary>
/// <remarks>
/// Implemented from the API document ("App authentication") and checked against its example; not tested with the real service. Each attempt has a
/// signature of its own, with its own <c>X-Date</c>. <see cref="JobsClientOptions.AuthorizationPrefix"/> is not used.
/// </remarks>
[DebuggerDisplay(nameof(AppCredential))]
public sealed class AppCredential : JobsCredential
{
    private readonly AppSignature _signature;

    /// <summary>Creates the credential of an app.</summary>
    /// <param name="appId">The AppId, which is sent as plain text.</param>
    /// <param name="appSecret">The AppSecret, which is never sent.</param>
    /// <exception cref="ArgumentException">
    /// One of the two is empty, or the id contains commas, spaces or characters that are not visible ASCII.
    /// </exception>
    public AppCredential(string appId, string appSecret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(appId);
        ArgumentException.ThrowIfNullOrWhiteSpace(appSecret);
        if (!HeaderText.IsValue(appId) || appId.AsSpan().ContainsAny(' ', ','))
        {
            throw new ArgumentException($"The app id {HeaderText.Rule}, and no spaces or commas.", nameof(appId));
        }

        _signature = new AppSignature(appId, appSecret);
    }

    /// <summary>Returns the name of the type, without the secret.</summary>
    public override string ToString() => nameof(AppCredential);

    internal override ValueTask<RequestAuthorization> GetAuthorizationAsync(CancellationToken cancellationToken) => new(_signature);
}
