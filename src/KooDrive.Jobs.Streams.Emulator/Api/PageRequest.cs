using KooDrive.Jobs.Streams.Emulator.Store;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>A page that was asked for in accordance with the document.</summary>
internal readonly record struct PageRequest(long Offset, int Limit, JobFilter Filter);
