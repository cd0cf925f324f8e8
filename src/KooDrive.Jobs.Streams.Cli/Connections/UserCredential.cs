namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>A user and the credential of the user's requests.</summary>
internal sealed record UserCredential(string UserId, JobsCredential Credential);
