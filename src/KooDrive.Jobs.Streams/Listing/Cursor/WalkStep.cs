namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>The outcome of a page for a walk.</summary>
/// <param name="NewJobs">The jobs that the walk had not yielded; none when the page only helped to find the position.</param>
/// <param name="LateCount">The number of the first new jobs that are listed before jobs that were already yielded.</param>
/// <param name="DropsRequests">Whether the requests in flight were dropped, so that their responses are not used.</param>
internal readonly record struct WalkStep(ArraySegment<Job> NewJobs, int LateCount, bool DropsRequests);
