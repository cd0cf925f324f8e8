namespace KooDrive.Jobs.Streams;

/// <summary>The type of a job: <c>taskType</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>
/// The values differ between editions of the document. A number without a member is kept as it is: <c>(JobType)8</c> is valid.
/// </remarks>
public enum JobType
{
    /// <summary>Copies files (1).</summary>
    BatchReplication = 1,

    /// <summary>Deletes files, to the recycle bin or permanently (2).</summary>
    BatchDeletion = 2,

    /// <summary>Moves files (3).</summary>
    BatchRelocation = 3,

    /// <summary>Restores files from the recycle bin (4).</summary>
    BatchRestoration = 4,

    /// <summary>Unpacks an archive in the cloud (5).</summary>
    CloudDecompression = 5,

    /// <summary>Packs files for download (6). The newest edition of the API document omits this value, although its range is 1-7.</summary>
    PackageDownload = 6,

    /// <summary>Empties the recycle bin (7). Available only to users on a list of the service.</summary>
    RecycleBinClearance = 7,
}
