using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The result of reading a list: the number of jobs and a checksum of their ids that depends on the order.</summary>
public readonly record struct Tally(long Jobs, ulong Checksum)
{
    public Tally Add(string taskId) => new(Jobs + 1, (Checksum * 31) + LastDigits(taskId));

    // The last twelve digits, which are unique among the jobs of a few weeks. The checksum must be cheap, so that it does not affect the result.
    private static ulong LastDigits(ReadOnlySpan<char> taskId)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(taskId);
        return bytes.Length < 24
            ? (ulong)bytes.Length
            : MemoryMarshal.Read<ulong>(bytes[^24..]) ^ (MemoryMarshal.Read<ulong>(bytes[^16..]) << 7) ^ (MemoryMarshal.Read<ulong>(bytes[^8..]) << 14);
    }

    /// <summary>Throws if the result of a benchmark is not the expected result.</summary>
    public Tally MustBe(Tally expected) => this == expected
        ? this
        : throw new InvalidOperationException($"The benchmark read {Jobs} jobs with checksum {Checksum:x}; the list has {expected.Jobs} with {expected.Checksum:x}.");
}
