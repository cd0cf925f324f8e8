using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>The decompressed bytes of a response, in a pooled buffer that is returned on disposal.</summary>
internal sealed class ResponseBody : IDisposable
{
    // A response with 100 jobs has about 30 KB. The initial buffer is not larger than the second number, whatever Content-Length says.
    private const int TypicalBytes = 32 * 1024;
    private const int MaxInitialBytes = 256 * 1024;

    private readonly int _limit;
    private readonly ArrayPool<byte> _pool;
    private byte[] _buffer;
    private int _length;

    private ResponseBody(int limit, int capacity, ArrayPool<byte> pool)
    {
        _limit = limit;
        _pool = pool;
        _buffer = pool.Rent(capacity);
    }

    /// <summary>The bytes; only the first ones if the response is too large.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Math.Min(_length, _limit));

    /// <summary>Whether the body is larger than the limit. The rest was not read.</summary>
    public bool IsTooLarge => _length > _limit;

    /// <summary>Reads to the end, or until the body exceeds the limit.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ResponseBody> ReadAsync(
        HttpContent content, int limit, CancellationToken cancellationToken, ArrayPool<byte>? pool = null)
    {
        // One byte more than Content-Length, so that the read that finds the end needs no larger buffer.
        long capacity = LengthOf(content) is { } length ? Math.Min(length, MaxInitialBytes) + 1 : TypicalBytes;
        var body = new ResponseBody(limit, (int)Math.Clamp(capacity, 1, MaxInitialBytes), pool ?? ArrayPool<byte>.Shared);
        try
        {
            Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await body.FillAsync(stream, cancellationToken).ConfigureAwait(false);
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    // The property of the headers parses Content-Length and keeps the result, or computes it.
    private static long? LengthOf(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Length", out HeaderStringValues values)
        && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : null;

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            _pool.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (!IsTooLarge)
        {
            if (_length == _buffer.Length)
            {
                Grow();
            }

            try
            {
                int read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                _length += read;
            }
            catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
            {
                // BrotliStream throws this for invalid data, unlike the streams of the other compressions.
                throw new InvalidDataException(exception.Message, exception);
            }
        }
    }

    private void Grow()
    {
        byte[] larger = _pool.Rent((int)Math.Min(_buffer.Length * 2L, Math.Max(_limit + 1L, _length + 1L)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        _pool.Return(_buffer);
        _buffer = larger;
    }
}
