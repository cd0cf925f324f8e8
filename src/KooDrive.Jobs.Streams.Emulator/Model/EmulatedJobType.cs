namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The type of a job: <c>taskType</c> of the API document, "Listing Batch Tasks".</summary>
public enum EmulatedJobType
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

    /// <summary>Packs files for download (6).</summary>
    PackageDownload = 6,

    /// <summary>Empties the recycle bin (7).</summary>
    RecycleBinClearance = 7,
}
