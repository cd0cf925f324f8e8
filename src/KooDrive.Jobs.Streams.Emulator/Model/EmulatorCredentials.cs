using System.Security.Cryptography;
using System.Text;

namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The access tokens and apps that an emulator accepts, which can be changed while the emulator runs. Thread-safe.</summary>
public sealed class EmulatorCredentials
{
    private readonly Lock _lock = new();
    // By digest, so that the duration of a lookup reveals nothing about a token.
    private readonly Dictionary<string, AcceptedToken> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _appSecrets = new(StringComparer.Ordinal);
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan? _tokenLifetime;

    internal EmulatorCredentials(JobsEmulatorOptions options, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _tokenLifetime = options.TokenLifetime;
        Accept(options.AccessToken, options.AcceptsEveryUser ? null : options.UserId);
        AcceptApp(options.AppId, options.AppSecret);
    }

    /// <summary>Accepts a token for every user. If tokens have a lifetime, the lifetime of this token restarts.</summary>
    /// <param name="token">The token without the prefix.</param>
    /// <exception cref="ArgumentException">The token is empty.</exception>
    public void AcceptToken(string token) => Accept(token, userId: null);

    /// <summary>Accepts a token for one user. If tokens have a lifetime, the lifetime of this token restarts.</summary>
    /// <param name="token">The token without the prefix.</param>
    /// <param name="userId">The id of the user.</param>
    /// <exception cref="ArgumentException">The token or the id is empty.</exception>
    public void AcceptToken(string token, string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        Accept(token, userId);
    }

    /// <summary>Accepts only this token, for every user, and rejects all others.</summary>
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
        string digest = Digest(token);
        lock (_lock)
        {
            return _tokens.Remove(digest);
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

    /// <summary>Returns whether a token is accepted for a user, and extends its lifetime.</summary>
    internal bool UseToken(string token, string? userId)
    {
        string digest = Digest(token);
        DateTimeOffset now = _timeProvider.GetUtcNow();
        lock (_lock)
        {
            if (!_tokens.TryGetValue(digest, out AcceptedToken? accepted)
                || now - accepted.LastUse >= _tokenLifetime
                || (accepted.UserId is { } owner && owner != userId))
            {
                return false;
            }

            accepted.LastUse = now;
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

    private void Accept(string token, string? userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        string digest = Digest(token);
        lock (_lock)
        {
            _tokens[digest] = new AcceptedToken(userId) { LastUse = _timeProvider.GetUtcNow() };
        }
    }

    private static string Digest(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <param name="userId">The user; <see langword="null"/> for every user.</param>
    private sealed class AcceptedToken(string? userId)
    {
        public string? UserId { get; } = userId;

        public DateTimeOffset LastUse { get; set; }
    }
}
