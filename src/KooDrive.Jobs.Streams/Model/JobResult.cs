namespace KooDrive.Jobs.Streams;

/// <summary>What became of the files of a finished batch job: <c>taskResultCode</c> of the API document.</summary>
/// <remarks>A value that is not listed here is kept as its number.</remarks>
public enum JobResult
{
    /// <summary>Every file succeeded (1).</summary>
    AllSucceeded = 1,

    /// <summary>Some files failed (2).</summary>
    PartiallyFailed = 2,

    /// <summary>Every file failed (3).</summary>
    AllFailed = 3,
}
