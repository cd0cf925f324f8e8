using System.Buffers;
using System.Runtime.CompilerServices;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>The bytes of an answer, decompressed, in a pooled buffer that goes back when this is disposed.</summary>
internal sealed class ResponseBody : IDisposable
{
    // An answer of 100 jobs has some 30 KB. What Content-Length promises is not believed beyond the second figure.
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

    /// <summary>The bytes; the first ones only, when the answer is too large.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Math.Min(_length, _limit));

    /// <summary>Whether there is more than the limit allows. What is behind it was not read.</summary>
    public bool IsTooLarge => _length > _limit;

    /// <summary>Reads to the end, or until there is more than the limit.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ResponseBody> ReadAsync(
        HttpContent content, int limit, CancellationToken cancellationToken, ArrayPool<byte>? pool = null)
    {
        // One byte more than promised, so that the read that finds the end fits too.
        var promised = content.Headers.ContentLength is { } length ? length + 1 : TypicalBytes;
        var body = new ResponseBody(limit, (int)Math.Clamp(promised, 1, MaxInitialBytes), pool ?? ArrayPool<byte>.Shared);
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
                var read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                _length += read;
            }
            catch (InvalidOperationException e) when (e is not ObjectDisposedException)
            {
                // So BrotliStream says what the streams of the other compressions call invalid data.
                throw new InvalidDataException(e.Message, e);
            }
        }
    }

    private void Grow()
    {
        var larger = _pool.Rent((int)Math.Min(_buffer.Length * 2L, Math.Max(_limit + 1L, _length + 1L)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        _pool.Return(_buffer);
        _buffer = larger;
    }
}
