namespace KooDrive.Jobs.Streams.Watching.Checkpoints;

/// <summary>Classifies errors of files. On Unix, <see cref="Exception.HResult"/> of an <see cref="IOException"/> is the error number.</summary>
internal static class FileErrors
{
    private const int DeviceOrResourceBusy = 16;
    private const int InvalidArgument = 22;
    private const int CrossDeviceLink = 18;
    private const int ReadOnlyFileSystem = 30;
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);

    /// <summary>Whether another process, or another consumer in this process, has locked the file.</summary>
    public static bool IsLocked(IOException exception) => exception.HResult is WouldBlock or WouldBlockOnMac or SharingViolation or LockViolation;

    /// <summary>Whether the error is that of setting the length of a device, which has no length.</summary>
    public static bool IsDevice(IOException exception) => exception.HResult is InvalidArgument;

    /// <summary>Whether no file can be created in the folder, or the existing file cannot be replaced because it is a mount point.</summary>
    public static bool PreventsReplacement(Exception exception) => exception is UnauthorizedAccessException
        || exception is IOException { HResult: DeviceOrResourceBusy or CrossDeviceLink or ReadOnlyFileSystem };
}
