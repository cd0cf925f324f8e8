namespace KooDrive.Jobs.Streams.Listing;

/// <summary>A page that brought new jobs, and which.</summary>
internal readonly record struct WalkedPage(JobPage Page, ArraySegment<Job> NewJobs);
