namespace KooDrive.Jobs.Streams.Model;

/// <summary>Identifies the content of a response, so that an equal response is recognized without reading it.</summary>
/// <param name="Hash">The hash of the bytes.</param>
/// <param name="JobCount">The number of jobs on the page.</param>
/// <remarks>A class, because nearly all pages and requests of a listing have none.</remarks>
internal sealed record PageFingerprint(UInt128 Hash, int JobCount)
{
    /// <summary>The fingerprint of no response.</summary>
    public static PageFingerprint None { get; } = new(UInt128.Zero, JobCount: 0);
}
