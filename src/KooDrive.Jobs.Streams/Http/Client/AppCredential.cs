using System.Diagnostics;
using KooDrive.Jobs.Streams.Http;
using KooDrive.Jobs.Streams.Http.Client;

namespace KooDrive.Jobs.Streams;

/// <summary>App authentication: each request is signed with HMAC-SHA256 instead of carrying a token.</summary>
/// <remarks>
/// Built from the public documents ("App authentication") and checked against an example worked out from them; it was not tried on the
/// real service. Each attempt is signed anew, with its own <c>X-Date</c>. <see cref="JobsClientOptions.AuthorizationPrefix"/> plays no
/// part in it.
/// </remarks>
[DebuggerDisplay(nameof(AppCredential))]
public sealed class AppCredential : JobsCredential
{
    private readonly AppSignature _signature;

    /// <summary>Signs with the given app.</summary>
    /// <param name="appId">The AppId, sent in the clear.</param>
    /// <param name="appSecret">The AppSecret, never sent.</param>
    /// <exception cref="ArgumentException">
    /// One of the two is empty, or the id holds commas, spaces or characters that no header can carry.
    /// </exception>
    public AppCredential(string appId, string appSecret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(appId);
        ArgumentException.ThrowIfNullOrWhiteSpace(appSecret);
        if (!HeaderText.IsValue(appId) || appId.AsSpan().ContainsAny(' ', ','))
        {
            throw new ArgumentException($"The app id {HeaderText.Rule}, and neither spaces nor commas inside.", nameof(appId));
        }

        _signature = new AppSignature(appId, appSecret);
    }

    /// <summary>The name of the type alone.</summary>
    public override string ToString() => nameof(AppCredential);

    internal override ValueTask<RequestAuthorization> GetAuthorizationAsync(CancellationToken cancellationToken) => new(_signature);
}
