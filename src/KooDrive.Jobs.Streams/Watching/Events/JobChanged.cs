namespace KooDrive.Jobs.Streams;

/// <summary>A job whose status or result differs from the last look.</summary>
/// <remarks>
/// <see cref="JobChange.Previous"/> is null for one job only: one that had finished so long ago that the watch had let it go, and that came back
/// unfinished.
/// </remarks>
public sealed record JobChanged : JobChange;
