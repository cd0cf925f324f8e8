using Microsoft.Win32.SafeHandles;

namespace KooDrive.Jobs.Streams.Cli.Execution;

/// <summary>Standard output as a stream that detects a closed pipe.</summary>
internal static class StandardOutput
{
    private const int BrokenPipe = 32; // EPIPE, the same number on Linux and macOS

    /// <remarks>
    /// The console's stream ignores a broken pipe, and <c>koojobs list | head</c> would read the whole list. A pipe is therefore written as
    /// a file. A file is written with the console's stream, which shares the position in the file with other processes.
    /// </remarks>
    public static Stream Open()
    {
        if (!StandardDescriptor.IsOpen(StandardDescriptor.Output))
        {
            return new ClosedStream();
        }

        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.OpenStandardOutput();
        }

        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    /// <summary>Whether a write failed because the reader closed the pipe. This ends the command and is not an error.</summary>
    public static bool IsClosed(IOException exception) => exception.HResult == BrokenPipe;

    /// <summary>A stream whose writes throw an exception that states the reason and the remedy.</summary>
    private sealed class ClosedStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw Closed();

        public override void Write(ReadOnlySpan<byte> buffer) => throw Closed();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw Closed();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw Closed();

        private static CommandException Closed() => new("Standard output is closed. Redirect it to a file or a pipe.");
    }
}
