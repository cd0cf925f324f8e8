namespace KooDrive.Jobs.Streams;

/// <summary>
/// Thrown when a call of an <see cref="IJobWatchGrain"/> failed on its silo. Contains text only, so that it reaches callers in other processes.
/// </summary>
[GenerateSerializer]
[Alias("koodrive.job-watch-exception")]
public sealed class JobWatchGrainException : Exception
{
    /// <summary>Creates the exception, for the grain and for tests of code that handles it.</summary>
    /// <param name="message">What happened and what to do. Must not contain a secret.</param>
    public JobWatchGrainException(string message)
        : base(message)
    {
    }
}
