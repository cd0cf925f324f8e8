namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>A watch of the jobs of one user.</summary>
internal sealed record Account(string UserId, JobWatch Watch);
