namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The operation of a job within its <see cref="EmulatedJobType"/>: <c>actionType</c> of the API document, "Listing Batch Tasks".</summary>
public enum EmulatedJobAction
{
    /// <summary>Replication and dumping (101).</summary>
    ReplicationAndDumping = 101,

    /// <summary>Deletion to the recycle bin (201).</summary>
    DeletionToRecycleBin = 201,

    /// <summary>Permanent deletion (202).</summary>
    PermanentDeletion = 202,

    /// <summary>Relocation (301).</summary>
    Relocation = 301,

    /// <summary>Preview of a package (501).</summary>
    PackagePreview = 501,

    /// <summary>Full decompression (502).</summary>
    FullDecompression = 502,

    /// <summary>Partial decompression (503).</summary>
    PartialDecompression = 503,

    /// <summary>Recycle-bin clearance (701).</summary>
    RecycleBinClearance = 701,
}
