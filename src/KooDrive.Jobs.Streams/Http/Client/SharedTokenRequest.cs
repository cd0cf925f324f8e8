using System.Diagnostics.CodeAnalysis;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>A call of a token provider, shared by all requests that wait for the token, and canceled when no request waits anymore.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without a timer, the source has nothing to release, and it may be canceled at any time.")]
internal sealed class SharedTokenRequest
{
    private readonly TaskCompletionSource<AccessToken> _token = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();

    /// <summary>The number of requests that wait. Guarded by the lock of the owner.</summary>
    public int WaiterCount { get; set; }

    public Task<AccessToken> Response => _token.Task;

    /// <summary>Canceled when no request waits anymore.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    public void Complete(AccessToken token) => _token.SetResult(token);

    public void Fail(Exception exception)
    {
        _token.SetException(exception);

        // Observes the exception, because no request may wait for it anymore.
        _ = _token.Task.Exception;
    }

    /// <summary>Cancels the call. Called without a lock, because callbacks of the provider run here.</summary>
    public void Abandon() => _abandoned.Cancel();
}
