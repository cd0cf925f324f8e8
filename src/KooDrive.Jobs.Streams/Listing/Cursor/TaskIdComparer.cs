using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// Compares ids ordinally, with a hash of their last characters only, in which ids usually differ. This halves the time of the lookups of a walk. Ids with equal
/// last characters only make the walk slower, because the number of remembered ids is bounded.
/// </summary>
internal sealed class TaskIdComparer : IEqualityComparer<string>
{
    // 16 bytes, which are hashed as two 64-bit numbers.
    private const int HashedCharacters = 8;

    public static TaskIdComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y);

    public int GetHashCode(string taskId)
    {
        if (taskId.Length < HashedCharacters)
        {
            return string.GetHashCode(taskId, StringComparison.Ordinal);
        }

        ReadOnlySpan<ulong> end = MemoryMarshal.Cast<char, ulong>(taskId.AsSpan(taskId.Length - HashedCharacters));
        ulong hash = ((end[0] * 0x9E3779B97F4A7C15) ^ end[1]) * 0xC2B2AE3D27D4EB4F;
        return (int)(hash >> 32);
    }
}
