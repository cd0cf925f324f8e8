using KooDrive.Jobs.Streams.Emulator.Store;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>The valid parameters of a page request.</summary>
internal readonly record struct PageRequest(long Offset, int Limit, JobFilter Filter);
