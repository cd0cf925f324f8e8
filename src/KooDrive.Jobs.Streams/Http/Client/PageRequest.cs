using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>The request of a page, with all its attempts, and what was tried so far.</summary>
internal sealed class PageRequest(RequestHeaders headers, Uri uri, long offset, int limit)
{
    /// <summary>The headers of the user.</summary>
    public RequestHeaders Headers { get; } = headers;

    public Uri Uri { get; } = uri;

    public long Offset => Facts.Offset;

    public int Limit => Facts.Limit;

    /// <summary>The response that the caller already has, or <see cref="PageFingerprint.None"/> if the caller needs the fingerprint of the response; null for neither.</summary>
    public PageFingerprint? Previous { get; init; }

    /// <summary>The facts of the attempt in progress.</summary>
    public RequestFacts Facts { get; set; } = new() { Offset = offset, Limit = limit };

    /// <summary>The number of attempts.</summary>
    public int AttemptCount { get; set; }

    /// <summary>The correction of the clock that would explain the last 401; null if the clock does not explain it.</summary>
    public ClockCorrection? SuggestedCorrection { get; set; }

    /// <summary>The correction of the clock with which the request is sent, and which no response has confirmed yet.</summary>
    public ClockCorrection? TriedCorrection { get; set; }

    /// <summary>Whether the request was sent with a corrected clock: once for each credential, retries included.</summary>
    public bool HasTriedCorrection { get; set; }

    /// <summary>Whether the request is waiting for the end of a pause that the server requested, or for a permit.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Whether the request was sent with renewed credentials: once, retries included.</summary>
    public bool HasTriedRenewedCredential { get; set; }

    /// <summary>The failure of the last attempt, which explains a timeout of the request.</summary>
    public JobsException? LastFailure { get; set; }

    /// <summary>Clears the facts of the last attempt, which do not explain why the next attempt is not sent.</summary>
    public void ResetFacts() => Facts = new RequestFacts { Offset = Offset, Limit = Limit };
}
