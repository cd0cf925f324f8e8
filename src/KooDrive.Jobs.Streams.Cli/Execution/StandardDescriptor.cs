using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams.Cli.Execution;

/// <summary>Detects standard streams that the caller has closed, as in <c>koojobs list 2&gt;&amp;-</c>.</summary>
internal static partial class StandardDescriptor
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;

    private const int GetFlags = 1; // F_GETFD, the same number on Linux and macOS
    private const int CloseOnExec = 1; // FD_CLOEXEC

    /// <summary>Whether the process inherited this descriptor.</summary>
    /// <remarks>
    /// The runtime reuses the number of a closed descriptor for a pipe or a file of its own: reading from it would wait forever, and writing to it
    /// would damage the runtime. The runtime marks its own descriptors to be closed on exec; an inherited descriptor cannot have that mark.
    /// </remarks>
    public static bool IsOpen(int descriptor) =>
        OperatingSystem.IsWindows() || FileControl(descriptor, GetFlags) is var flags && flags >= 0 && (flags & CloseOnExec) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(int descriptor, int command);
}
