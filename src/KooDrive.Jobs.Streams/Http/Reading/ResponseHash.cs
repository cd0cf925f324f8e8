using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KooDrive.Jobs.Streams.Http.Reading;

/// <summary>A hash of the bytes of a response. Equal hashes stand for equal responses, so the hash is cryptographic.</summary>
internal static class ResponseHash
{
    public static UInt128 Of(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
