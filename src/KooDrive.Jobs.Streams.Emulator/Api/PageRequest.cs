namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A page that was asked for in accordance with the document.</summary>
internal readonly record struct PageRequest(long Offset, int Limit, JobFilter Filter);
