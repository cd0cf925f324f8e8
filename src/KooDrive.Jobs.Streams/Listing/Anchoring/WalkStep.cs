namespace KooDrive.Jobs.Streams;

/// <summary>What a page meant to a walk: the run of its jobs that are new.</summary>
/// <param name="Start">The index of the first new job on the page.</param>
/// <param name="Count">How many are new; 0 for a page that only helped to find the way.</param>
/// <param name="DropsRequests">Whether the requests in flight no longer fit and their answers are not wanted.</param>
internal readonly record struct WalkStep(int Start, int Count, bool DropsRequests);
