namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>A command that reads the list once, so it does not wait for a token file that is written later.</summary>
internal interface IReadsOnce;
