using System.Security.Cryptography;
using System.Text;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The access tokens and apps that an emulator accepts. They can be changed while the emulator runs. Thread-safe.</summary>
public sealed class EmulatorCredentials
{
    private readonly Lock _lock = new();
    private readonly List<AcceptedToken> _tokens = [];
    private readonly Dictionary<string, string> _appSecrets = new(StringComparer.Ordinal);
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan? _tokenLifetime;

    internal EmulatorCredentials(JobsEmulatorOptions options, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _tokenLifetime = options.TokenLifetime;
        AcceptToken(options.AccessToken);
        AcceptApp(options.AppId, options.AppSecret);
    }

    /// <summary>Accepts a token. If tokens have a lifetime, the lifetime of this token restarts.</summary>
    /// <param name="token">The token without the prefix.</param>
    /// <exception cref="ArgumentException">The token is empty.</exception>
    public void AcceptToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        byte[] digest = Digest(token);
        lock (_lock)
        {
            _tokens.RemoveAll(accepted => accepted.Is(digest));
            _tokens.Add(new AcceptedToken(digest) { LastUse = _timeProvider.GetUtcNow() });
        }
    }

    /// <summary>Accepts only this token and rejects all others.</summary>
    /// <param name="token">The token without the prefix.</param>
    /// <exception cref="ArgumentException">The token is empty.</exception>
    public void ReplaceTokens(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        lock (_lock)
        {
            _tokens.Clear();
            AcceptToken(token);
        }
    }

    /// <summary>Rejects a token.</summary>
    /// <param name="token">The token without the prefix.</param>
    /// <returns>Whether the token was accepted before.</returns>
    public bool RevokeToken(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        byte[] digest = Digest(token);
        lock (_lock)
        {
            return _tokens.RemoveAll(accepted => accepted.Is(digest)) > 0;
        }
    }

    /// <summary>Accepts the signatures of an app. If the app is already accepted, the secret is replaced.</summary>
    /// <param name="appId">The id of the app.</param>
    /// <param name="appSecret">The secret of the app.</param>
    /// <exception cref="ArgumentException">The id or the secret is empty.</exception>
    public void AcceptApp(string appId, string appSecret)
    {
        ArgumentException.ThrowIfNullOrEmpty(appId);
        ArgumentException.ThrowIfNullOrEmpty(appSecret);
        lock (_lock)
        {
            _appSecrets[appId] = appSecret;
        }
    }

    /// <summary>Rejects the signatures of an app.</summary>
    /// <param name="appId">The id of the app.</param>
    /// <returns>Whether the signatures were accepted before.</returns>
    public bool RevokeApp(string appId)
    {
        ArgumentNullException.ThrowIfNull(appId);
        lock (_lock)
        {
            return _appSecrets.Remove(appId);
        }
    }

    /// <summary>Returns whether a token is accepted, and extends its lifetime.</summary>
    internal bool UseToken(string token)
    {
        byte[] digest = Digest(token);
        DateTimeOffset now = _timeProvider.GetUtcNow();
        lock (_lock)
        {
            AcceptedToken? found = null;

            // All tokens are compared, so that the duration reveals nothing.
            foreach (AcceptedToken accepted in _tokens)
            {
                found = accepted.Is(digest) ? accepted : found;
            }

            if (found is null || now - found.LastUse >= _tokenLifetime)
            {
                return false;
            }

            found.LastUse = now;
            return true;
        }
    }

    internal string? SecretOf(string appId)
    {
        lock (_lock)
        {
            return _appSecrets.GetValueOrDefault(appId);
        }
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private sealed class AcceptedToken(byte[] digest)
    {
        public DateTimeOffset LastUse { get; set; }

        public bool Is(byte[] other) => CryptographicOperations.FixedTimeEquals(digest, other);
    }
}
