namespace KooDrive.Jobs.Streams;

/// <summary>What kind of work a batch job does: <c>taskType</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>
/// Values come and go between editions of the document. A value that is not listed here is kept as its number:
/// <c>(JobType)8</c> is a valid value and compares like any other.
/// </remarks>
public enum JobType
{
    /// <summary>Copies files (1).</summary>
    BatchReplication = 1,

    /// <summary>Deletes files, to the recycle bin or for good (2).</summary>
    BatchDeletion = 2,

    /// <summary>Moves files (3).</summary>
    BatchRelocation = 3,

    /// <summary>Restores files from the recycle bin (4).</summary>
    BatchRestoration = 4,

    /// <summary>Unpacks an archive in the cloud (5).</summary>
    CloudDecompression = 5,

    /// <summary>Packs files for download (6). The newest enumeration no longer lists it, although the range 1-7 stays.</summary>
    PackageDownload = 6,

    /// <summary>Empties the recycle bin (7). For whitelisted users only.</summary>
    RecycleBinClearance = 7,
}
