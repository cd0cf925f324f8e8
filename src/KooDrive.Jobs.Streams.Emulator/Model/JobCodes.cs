namespace KooDrive.Jobs.Streams.Emulator.Model;

/// <summary>The codes of the API document, "Listing Batch Tasks".</summary>
internal static class JobCodes
{
    public const int FirstType = 1;
    public const int LastType = 7;

    public const int FirstStatus = 0;
    public const int LastStatus = 3;

    public const int Pending = 0;
    public const int Processing = 1;
    public const int Completed = 2;
    public const int Canceled = 3;

    public const int AllSucceeded = 1;
    public const int PartiallyFailed = 2;
    public const int AllFailed = 3;

    public const int BatchDeletion = 2;
    public const int PackageDownload = 6;
}
