namespace KooDrive.Jobs.Streams.Cli.Execution;

/// <summary>Standard error as a writer that never fails.</summary>
internal static class StandardError
{
    /// <summary>Opens standard error. Text that cannot be written is dropped. The exit code still reports the outcome.</summary>
    public static TextWriter Open() => StandardDescriptor.IsOpen(StandardDescriptor.Error)
        ? TextWriter.Synchronized(new StreamWriter(new BestEffortStream(Console.OpenStandardError()), Console.Error.Encoding) { AutoFlush = true })
        : TextWriter.Null;

    private sealed class BestEffortStream(Stream stream) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                stream.Write(buffer);
            }
            catch (Exception)
            {
                // Every exception is ignored, e.g. of a full disk or a closed terminal: it could be reported only on standard error.
            }
        }

        // The stream of the console has no buffer.
        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
