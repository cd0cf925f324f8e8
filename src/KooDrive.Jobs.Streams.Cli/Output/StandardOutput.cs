using Microsoft.Win32.SafeHandles;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Standard output as a stream that tells when its reader has gone.</summary>
internal static class StandardOutput
{
    private const int BrokenPipe = 32; // EPIPE, the same number on Linux and macOS

    /// <remarks>
    /// The console's own stream takes a broken pipe for success, so that <c>koojobs list | head</c> would read the whole list. A pipe is
    /// therefore written as a file. Files stay with the console's stream, which shares its position in them with other processes.
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

    /// <summary>Whether a write failed because nobody reads any more: the end of the command, not an error.</summary>
    public static bool IsClosed(IOException exception) => exception.HResult == BrokenPipe;

    /// <summary>Fails with what happened and what to do when something is written.</summary>
    private sealed class ClosedStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw Closed();

        public override void Write(ReadOnlySpan<byte> buffer) => throw Closed();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw Closed();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw Closed();

        private static IOException Closed() => new("Standard output is closed. Redirect it to a file or a pipe.");
    }
}
