using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>One page that a user asked for, whatever number of attempts it takes, and what was tried so far.</summary>
internal sealed class PageRequest(Uri uri, long offset, int limit)
{
    public Uri Uri { get; } = uri;

    public long Offset { get; } = offset;

    public int Limit { get; } = limit;

    /// <summary>What is known about the attempt under way.</summary>
    public RequestFacts Facts { get; set; } = new() { Offset = offset, Limit = limit };

    /// <summary>How often it was sent.</summary>
    public int AttemptCount { get; set; }

    /// <summary>The correction of the clock that would explain the last 401; null if the clock does not explain it.</summary>
    public ClockCorrection? SuggestedCorrection { get; set; }

    /// <summary>The correction of the clock that the request is being sent with, and that no response has confirmed yet.</summary>
    public ClockCorrection? TriedCorrection { get; set; }

    /// <summary>Whether the request was sent with a corrected clock: once for each credential, retries included.</summary>
    public bool HasTriedCorrection { get; set; }

    /// <summary>Whether the request is waiting for the end of a pause that the server requested.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether the request was sent again with a renewed credential: once, retries included.</summary>
    public bool HasTriedRenewedCredential { get; set; }

    /// <summary>Why the last attempt failed, which explains a timeout of the whole.</summary>
    public JobsException? LastFailure { get; set; }
}
