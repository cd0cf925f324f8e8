using System.Diagnostics;
using KooDrive.Jobs.Streams.Http.Client;

namespace KooDrive.Jobs.Streams;

/// <summary>A credential with an access token, which is fixed or comes from a provider.</summary>
/// <remarks>
/// A token expires 20 minutes after its last use (API document, "Authentication"), so a process that pauses longer needs a provider. A token is used until
/// the server rejects it with HTTP 401. Then the provider is called once for all requests in flight, and each request is retried once.
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
    private Task? _abandonedCall;

    /// <summary>Creates a credential with a fixed token. Requests fail if the server rejects the token.</summary>
    /// <param name="accessToken">The token, without the prefix (<see cref="JobsClientOptions.AuthorizationPrefix"/>).</param>
    /// <exception cref="ArgumentException">The token is empty or contains characters that are not visible ASCII.</exception>
    public AccessTokenCredential(string accessToken)
    {
        ArgumentNullException.ThrowIfNull(accessToken);
        _current = new AccessToken(accessToken, nameof(accessToken));
    }

    /// <summary>Creates a credential with a provider, which is called before the first request and after each HTTP 401.</summary>
    /// <param name="provider">
    /// Returns a token, without the prefix. The provider is called once for all requests in flight, never concurrently, and without a lock. Its cancellation token
    /// is canceled when no request waits for the token anymore. An exception of the provider fails the requests that wait, as the
    /// <see cref="Exception.InnerException"/> of a <see cref="JobsConnectionException"/> if it is a timeout or a failed connection, and of a
    /// <see cref="JobsAuthenticationException"/> otherwise; the next request calls the provider again.
    /// </param>
    public AccessTokenCredential(Func<CancellationToken, ValueTask<string>> provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        _provider = provider;
    }

    /// <summary>Returns the name of the type, without the token.</summary>
    public override string ToString() => nameof(AccessTokenCredential);

    internal override ValueTask<RequestAuthorization> GetAuthorizationAsync(CancellationToken cancellationToken)
    {
        AccessToken? current = Volatile.Read(ref _current);
        return current is not null ? new(current) : RequestTokenAsync(cancellationToken);
    }

    internal override bool Reject(RequestAuthorization rejected)
    {
        lock (_lock)
        {
            // A request whose older token was rejected uses the current token.
            if (_provider is not null && _current == rejected)
            {
                _current = null;
            }
        }

        return _provider is not null;
    }

    private async ValueTask<RequestAuthorization> RequestTokenAsync(CancellationToken cancellationToken)
    {
        SharedTokenRequest request;
        bool isNew = false;
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

            request = _request;
            request.WaiterCount++;
        }

        if (isNew)
        {
            // Belongs to all callers that wait. Never throws: an exception of the provider is the result of the request.
            _ = RunAsync(request);
        }

        try
        {
            return await request.Response.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            StopWaiting(request);
        }
    }

    private async Task RunAsync(SharedTokenRequest request)
    {
        try
        {
            AccessToken token = await CallProviderAsync(request.Abandoned).ConfigureAwait(false);
            Publish(request, token);
            request.Complete(token);
        }
        catch (Exception exception)
        {
            // A provider is user code and may throw anything: the callers that wait receive the exception.
            Publish(request, token: null);
            request.Fail(exception);
        }
    }

    private async ValueTask<AccessToken> CallProviderAsync(CancellationToken abandoned)
    {
        // An abandoned call may still be in progress. If it returns a token, the token is used; otherwise the provider is called again.
        if (_abandonedCall is { } call)
        {
            await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        abandoned.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _current) is { } current)
        {
            return current;
        }

        string? token = await _provider!(abandoned).ConfigureAwait(false);
        return AccessToken.IsValid(token) ? new AccessToken(token) : throw new InvalidTokenException();
    }

    // Before the callers that wait continue, so that their next request finds the token or starts a new call.
    private void Publish(SharedTokenRequest request, AccessToken? token)
    {
        lock (_lock)
        {
            _current ??= token;
            if (_request == request)
            {
                _request = null;
            }
        }
    }

    private void StopWaiting(SharedTokenRequest request)
    {
        lock (_lock)
        {
            request.WaiterCount--;
            if (request.WaiterCount > 0 || request.Response.IsCompleted)
            {
                return;
            }

            // The next caller starts a new call, after this one.
            if (_request == request)
            {
                _request = null;
            }

            _abandonedCall = request.Response;
        }

        request.Abandon();
    }
}
