using System.Buffers;
using System.Security.Cryptography;
using KooDrive.Jobs.Streams.Http.Client;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public class ResponseBodyTests
{
    private const int Limit = 1024 * 1024;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(100_000, false)]
    [InlineData(100_000, true)]
    [InlineData(Limit, false)]
    [InlineData(Limit, true)]
    public async Task ReadAsync_reads_any_length_with_any_ContentLength(int length, bool isPromised)
    {
        byte[] sent = RandomNumberGenerator.GetBytes(length);
        using var content = new StreamContent(new Unseekable(sent, pieces: 1_000));
        content.Headers.ContentLength = isPromised ? length : null;

        using ResponseBody body = await ResponseBody.ReadAsync(content, Limit, TestContext.Current.CancellationToken);

        Assert.False(body.IsTooLarge);
        Assert.True(body.Bytes.SequenceEqual(sent));
    }

    [Theory]
    [InlineData(Limit + 1, 0)]
    [InlineData(3 * Limit, 32 * 1024)]
    public async Task ReadAsync_stops_after_the_limit(int length, long maxReadAhead)
    {
        var stream = new Unseekable(RandomNumberGenerator.GetBytes(length), pieces: int.MaxValue);
        using var content = new StreamContent(stream);

        using ResponseBody body = await ResponseBody.ReadAsync(content, Limit, TestContext.Current.CancellationToken);

        Assert.True(body.IsTooLarge);
        Assert.Equal(Limit, body.Bytes.Length);

        // The pool gives powers of two, so there may be room for twice as much.
        Assert.InRange(stream.Given, Limit + 1, (2 * Limit) + maxReadAhead);
    }

    [Fact]
    public async Task ReadAsync_throws_InvalidDataException_when_a_stream_is_damaged()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new InvalidOperationException("damaged")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(new ObjectDisposedException("stream")));

        static async Task ReadAsync(Exception error)
        {
            using var content = new StreamContent(new Unseekable([], pieces: 1) { Error = error });
            using ResponseBody body = await ResponseBody.ReadAsync(content, Limit, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadAsync_returns_its_buffers_when_the_body_breaks(bool isLong)
    {
        var pool = new CountingPool();
        byte[] beginning = new byte[isLong ? 100_000 : 10];
        using var content = new StreamContent(new Unseekable(beginning, pieces: 1_000) { Error = new IOException("broken"), ErrorAt = beginning.Length });

        await Assert.ThrowsAsync<IOException>(() => ResponseBody.ReadAsync(content, Limit, TestContext.Current.CancellationToken, pool).AsTask());

        Assert.Equal(isLong ? 3 : 1, pool.RentedCount);
        Assert.Equal(pool.RentedCount, pool.ReturnedCount);
    }

    [Fact]
    public async Task Dispose_empties_the_body_and_may_be_called_twice()
    {
        using var content = new StreamContent(new Unseekable([1, 2, 3], pieces: 3));
        ResponseBody body = await ResponseBody.ReadAsync(content, Limit, TestContext.Current.CancellationToken);

        body.Dispose();
        body.Dispose();

        Assert.Equal(0, body.Bytes.Length);
    }

    /// <summary>Returns its bytes in pieces, without a length, and fails on request.</summary>
    private sealed class Unseekable(byte[] bytes, int pieces) : Stream
    {
        public long Given { get; private set; }

        public Exception? Error { get; init; }

        /// <summary>The number of bytes before the error.</summary>
        public int ErrorAt { get; init; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Given;
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Error is { } error && Given >= ErrorAt ? throw error : new(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = (int)Math.Min(Math.Min(buffer.Length, pieces), bytes.Length - Given);
            bytes.AsSpan((int)Given, count).CopyTo(buffer);
            Given += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class CountingPool : ArrayPool<byte>
    {
        public int RentedCount { get; private set; }

        public int ReturnedCount { get; private set; }

        public override byte[] Rent(int minimumLength)
        {
            RentedCount++;
            return new byte[minimumLength];
        }

        public override void Return(byte[] array, bool clearArray = false) => ReturnedCount++;
    }
}
