namespace KooDrive.Jobs.Streams.Model;

/// <summary>Identifies the content of a response, so that an equal response is recognized without reading it.</summary>
/// <param name="Hash">The hash of the bytes.</param>
/// <param name="JobCount">The number of jobs on the page.</param>
internal readonly record struct PageFingerprint(UInt128 Hash, int JobCount);
