using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>What a way of reading a list came to: how many jobs, and a checksum of their ids that depends on their order.</summary>
public readonly record struct Tally(long Jobs, ulong Checksum)
{
    public Tally Add(string taskId) => new(Jobs + 1, (Checksum * 31) + LastDigits(taskId));

    // The last twelve digits, which hold all that differs between jobs of a few weeks: cheap, so that the check is not what is measured.
    private static ulong LastDigits(ReadOnlySpan<char> taskId)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(taskId);
        return bytes.Length < 24
            ? (ulong)bytes.Length
            : MemoryMarshal.Read<ulong>(bytes[^24..]) ^ (MemoryMarshal.Read<ulong>(bytes[^16..]) << 7) ^ (MemoryMarshal.Read<ulong>(bytes[^8..]) << 14);
    }

    /// <summary>Fails when a benchmark produced something else than it should have.</summary>
    public Tally MustBe(Tally expected) => this == expected
        ? this
        : throw new InvalidOperationException($"The benchmark read {Jobs} jobs with checksum {Checksum:x}; the list has {expected.Jobs} with {expected.Checksum:x}.");
}
