namespace KooDrive.Jobs.Streams;

/// <summary>The progress of a walk over the list, reported after each page.</summary>
/// <param name="PageCount">The number of pages read so far, including pages without new jobs.</param>
/// <param name="JobCount">The number of jobs found so far.</param>
/// <param name="RequestCount">The number of requests sent so far, including requests in flight.</param>
/// <param name="ShiftCount">The number of list shifts so far: pages that did not connect to the position of the walk, which then searched for its position.</param>
public readonly record struct JobListingProgress(long PageCount, long JobCount, long RequestCount, long ShiftCount);
