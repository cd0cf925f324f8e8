using System.Diagnostics;
using KooDrive.Jobs.Streams.Http.Client;

namespace KooDrive.Jobs.Streams;

/// <summary>An access token, fixed or from a provider that is asked again when the server refuses it.</summary>
/// <remarks>
/// The documents give a token a life of 20 minutes from its last use, so a process that pauses longer needs a provider. A token is kept
/// until the server refuses it with HTTP 401. Then the provider is asked once for all requests in flight, and each of them is
/// sent once more.
/// </remarks>
/// <example>
/// <code>
/// var credential = new AccessTokenCredential(async cancellationToken =>
///     (await File.ReadAllTextAsync("/run/secrets/koodrive", cancellationToken)).Trim());
/// </code>
/// </example>
[DebuggerDisplay(nameof(AccessTokenCredential))]
public sealed class AccessTokenCredential : JobsCredential
{
    private readonly Lock _lock = new();
    private readonly Func<CancellationToken, ValueTask<string>>? _provider;
    private AccessToken? _current;
    private SharedTokenRequest? _request;
    private Task? _abandoned;

    /// <summary>A fixed token: when the server refuses it, the request fails.</summary>
    /// <param name="accessToken">The token itself, without the prefix (<see cref="JobsClientOptions.AuthorizationPrefix"/>).</param>
    /// <exception cref="ArgumentException">The token is empty or holds characters that no header can carry.</exception>
    public AccessTokenCredential(string accessToken)
    {
        ArgumentNullException.ThrowIfNull(accessToken);
        _current = new AccessToken(accessToken, nameof(accessToken));
    }

    /// <summary>Tokens from a provider, which is asked before the first request and whenever the server answers 401.</summary>
    /// <param name="provider">
    /// Gives a token, without the prefix. It is asked once for all requests in flight, never twice at the same time, and no lock
    /// is held meanwhile. Its cancellation token is cancelled when nobody waits for the answer any more. What it throws
    /// fails the requests that wait for it, as the <see cref="Exception.InnerException"/> of a <see cref="JobsConnectionException"/> when it
    /// is a timeout or a failed connection, else of a <see cref="JobsAuthenticationException"/>; the next request asks again.
    /// </param>
    public AccessTokenCredential(Func<CancellationToken, ValueTask<string>> provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        _provider = provider;
    }

    /// <summary>The name of the type alone.</summary>
    public override string ToString() => nameof(AccessTokenCredential);

    internal override ValueTask<RequestAuthorization> GetAuthorizationAsync(CancellationToken cancellationToken)
    {
        AccessToken? current = Volatile.Read(ref _current);
        return current is not null ? new(current) : RequestTokenAsync(cancellationToken);
    }

    internal override bool Reject(RequestAuthorization refused)
    {
        lock (_lock)
        {
            // A request that was refused with an older token than the current one just takes the current one.
            if (_provider is not null && _current == refused)
            {
                _current = null;
            }
        }

        return _provider is not null;
    }

    private async ValueTask<RequestAuthorization> RequestTokenAsync(CancellationToken cancellationToken)
    {
        SharedTokenRequest asked;
        var isNew = false;
        lock (_lock)
        {
            if (_current is { } current)
            {
                return current;
            }

            if (_request is null)
            {
                _request = new SharedTokenRequest();
                isNew = true;
            }

            asked = _request;
            asked.WaiterCount++;
        }

        if (isNew)
        {
            // Belongs to all who wait, not to this caller alone. It never fails: what the provider throws is the answer.
            _ = RunAsync(asked);
        }

        try
        {
            return await asked.Response.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(asked);
        }
    }

    private async Task RunAsync(SharedTokenRequest asked)
    {
        try
        {
            AccessToken token = await CallProviderAsync(asked.Abandoned).ConfigureAwait(false);
            Publish(asked, token);
            asked.Complete(token);
        }
        catch (Exception e)
        {
            // Whatever a provider throws is for those who wait.
            Publish(asked, token: null);
            asked.Fail(e);
        }
    }

    private async ValueTask<AccessToken> CallProviderAsync(CancellationToken abandoned)
    {
        // A provider that was given up may still be busy. Its token is as good as any; if it has none, it is asked again.
        if (_abandoned is { } earlier)
        {
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        abandoned.ThrowIfCancellationRequested();
        return Volatile.Read(ref _current) ?? new AccessToken(await _provider!(abandoned).ConfigureAwait(false));
    }

    // Before those who wait go on, so that their next request finds the token, or asks anew.
    private void Publish(SharedTokenRequest asked, AccessToken? token)
    {
        lock (_lock)
        {
            _current ??= token;
            if (_request == asked)
            {
                _request = null;
            }
        }
    }

    private void Leave(SharedTokenRequest asked)
    {
        lock (_lock)
        {
            asked.WaiterCount--;
            if (asked.WaiterCount > 0 || asked.Response.IsCompleted)
            {
                return;
            }

            // Whoever comes now starts a new question, behind this one.
            if (_request == asked)
            {
                _request = null;
            }

            _abandoned = asked.Response;
        }

        asked.Abandon();
    }
}
