namespace KooDrive.Jobs.Streams;

/// <summary>How far a walk over the list has come.</summary>
/// <param name="Pages">The pages read so far, those that brought nothing new included.</param>
/// <param name="Jobs">The jobs found so far.</param>
/// <param name="Requests">The requests sent so far, those in flight included.</param>
/// <param name="Drifts">How often the walk found that the list had moved under it and looked around for its place.</param>
public readonly record struct JobListingProgress(long Pages, long Jobs, long Requests, long Drifts);
