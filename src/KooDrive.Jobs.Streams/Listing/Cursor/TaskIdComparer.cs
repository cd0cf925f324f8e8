using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// Ordinal, with a hash over the end of the id, where ids differ: a walk looks each job up several times, and this takes half the time.
/// What a walk remembers is bounded, so ids that all end alike make it slow and no more.
/// </summary>
internal sealed class TaskIdComparer : IEqualityComparer<string>
{
    // Twice eight bytes, of two bytes a character.
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
