namespace KooDrive.Jobs.Streams.Listing;

/// <summary>Fetches one page: <see cref="JobsClient.GetPageAsync"/>, or what a test puts in its place.</summary>
internal delegate Task<JobPage> FetchJobPage(JobQuery query, long offset, int limit, CancellationToken cancellationToken);
