using System.Diagnostics.CodeAnalysis;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>One question to a token provider, shared by all who wait for the answer, and given up when the last of them leaves.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without a timer the source holds nothing to release, and it may be cancelled at any time.")]
internal sealed class SharedTokenRequest
{
    private readonly TaskCompletionSource<AccessToken> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();

    /// <summary>How many wait. Guarded by the owner's lock.</summary>
    public int WaiterCount { get; set; }

    public Task<AccessToken> Response => _response.Task;

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    public void Complete(AccessToken token) => _response.SetResult(token);

    public void Fail(Exception exception)
    {
        _response.SetException(exception);

        // Nobody may be left to see it.
        _ = _response.Task.Exception;
    }

    /// <summary>Gives up. Called outside of any lock, because callbacks of the provider's own run here.</summary>
    public void Abandon() => _abandoned.Cancel();
}
