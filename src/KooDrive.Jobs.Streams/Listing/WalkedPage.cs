namespace KooDrive.Jobs.Streams;

/// <summary>A page that brought new jobs, and which.</summary>
internal readonly record struct WalkedPage(JobPage Page, ArraySegment<Job> NewJobs);
