namespace KooDrive.Jobs.Streams;

/// <summary>One page that a user asked for, whatever number of attempts it takes, and what was tried so far.</summary>
internal sealed class PageRequest(Uri uri, long offset, int limit)
{
    public Uri Uri { get; } = uri;

    public long Offset { get; } = offset;

    public int Limit { get; } = limit;

    /// <summary>What is known about the attempt under way.</summary>
    public RequestFacts Facts { get; set; } = new() { Offset = offset, Limit = limit };

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>By how much the clock was corrected after the last refusal; null when it does not explain that.</summary>
    public TimeSpan? ClockCorrection { get; set; }

    /// <summary>Whether the request was sent again with the corrected clock: once, retries included.</summary>
    public bool TriedCorrectedClock { get; set; }

    /// <summary>Whether the request was sent again with a renewed credential: once, retries included.</summary>
    public bool TriedRenewedCredential { get; set; }

    /// <summary>Why the last attempt failed, which explains a timeout of the whole.</summary>
    public JobsException? LastFailure { get; set; }
}
