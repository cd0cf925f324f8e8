namespace KooDrive.Jobs.Streams;

/// <summary>The operation of a job within its <see cref="JobType"/>: <c>actionType</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>A number without a member is kept as it is.</remarks>
public enum JobAction
{
    /// <summary>Replication and dumping (101), of <see cref="JobType.BatchReplication"/>.</summary>
    ReplicationAndDumping = 101,

    /// <summary>Deletion to the recycle bin (201), of <see cref="JobType.BatchDeletion"/>.</summary>
    DeletionToRecycleBin = 201,

    /// <summary>Permanent deletion (202), of <see cref="JobType.BatchDeletion"/>.</summary>
    PermanentDeletion = 202,

    /// <summary>Relocation (301), of <see cref="JobType.BatchRelocation"/>.</summary>
    Relocation = 301,

    /// <summary>Preview of a package (501), of <see cref="JobType.CloudDecompression"/>.</summary>
    PackagePreview = 501,

    /// <summary>Full decompression (502), of <see cref="JobType.CloudDecompression"/>.</summary>
    FullDecompression = 502,

    /// <summary>Partial decompression (503), of <see cref="JobType.CloudDecompression"/>.</summary>
    PartialDecompression = 503,

    /// <summary>Recycle-bin clearance (701), of <see cref="JobType.RecycleBinClearance"/>.</summary>
    RecycleBinClearance = 701,
}
