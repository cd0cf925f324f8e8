namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The result of a finished job for its files: <c>taskResultCode</c> of the API document, "Listing Batch Tasks".</summary>
public enum EmulatedJobResult
{
    /// <summary>All files succeeded (1).</summary>
    AllSucceeded = 1,

    /// <summary>Some files failed (2).</summary>
    PartiallyFailed = 2,

    /// <summary>All files failed (3).</summary>
    AllFailed = 3,
}
