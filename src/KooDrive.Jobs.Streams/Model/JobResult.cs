namespace KooDrive.Jobs.Streams;

/// <summary>The result of a finished job for its files: <c>taskResultCode</c> of the API document, "Listing Batch Tasks".</summary>
/// <remarks>A number without a member is kept as it is.</remarks>
public enum JobResult
{
    /// <summary>All files succeeded (1).</summary>
    AllSucceeded = 1,

    /// <summary>Some files failed (2).</summary>
    PartiallyFailed = 2,

    /// <summary>All files failed (3).</summary>
    AllFailed = 3,
}
