using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The order of jobs that were created in the same second in the response to one request.</summary>
/// <remarks>The order is a function of the seed and the request number. A page costs as much as the groups of ties that it overlaps.</remarks>
internal readonly struct TieShuffle(int seed, long requestNumber)
{
    private const int StepSize = 100;

    /// <summary>Copies the page at <paramref name="offset"/> of the shuffled list and returns the number of its jobs.</summary>
    public int Copy(JobSequence jobs, JobFilter filter, long offset, Span<EmulatedJob> page)
    {
        int copied = jobs.Copy(filter, offset, page);
        if (copied == 0)
        {
            return 0;
        }

        // A whole group is shuffled, even if the page contains only a part of it. Otherwise its jobs could not move between pages.
        List<EmulatedJob> groups = ReadBefore(jobs, filter, offset, page[0].CreateTime);
        int start = groups.Count;
        groups.AddRange(page[..copied]);
        ReadAfter(jobs, filter, offset + copied, groups);
        Span<EmulatedJob> shuffled = CollectionsMarshal.AsSpan(groups);
        Shuffle(shuffled);
        shuffled.Slice(start, copied).CopyTo(page);
        return copied;
    }

    /// <summary>Returns the jobs directly before <paramref name="offset"/> with this creation time, in the order of the list.</summary>
    private static List<EmulatedJob> ReadBefore(JobSequence jobs, JobFilter filter, long offset, string? createTime)
    {
        var found = new List<EmulatedJob>();
        var step = new EmulatedJob[StepSize];
        int taken;
        do
        {
            int length = (int)Math.Min(StepSize, offset);
            Span<EmulatedJob> read = step.AsSpan(0, jobs.Copy(filter, offset - length, step.AsSpan(0, length)));
            taken = 0;
            while (taken < read.Length && read[^(taken + 1)].CreateTime == createTime)
            {
                taken++;
            }

            found.InsertRange(0, read[^taken..]);
            offset -= length;
        }
        while (taken == StepSize);

        return found;
    }

    /// <summary>Appends the jobs at and after <paramref name="offset"/> with the creation time of the last found job.</summary>
    private static void ReadAfter(JobSequence jobs, JobFilter filter, long offset, List<EmulatedJob> found)
    {
        string? createTime = found[^1].CreateTime;
        var step = new EmulatedJob[StepSize];
        int taken;
        do
        {
            Span<EmulatedJob> read = step.AsSpan(0, jobs.Copy(filter, offset, step));
            taken = 0;
            while (taken < read.Length && read[taken].CreateTime == createTime)
            {
                taken++;
            }

            found.AddRange(read[..taken]);
            offset += taken;
        }
        while (taken == StepSize);
    }

    private void Shuffle(Span<EmulatedJob> groups)
    {
        var random = new Random(MixedSeed());
        for (int start = 0; start < groups.Length;)
        {
            int end = start + 1;
            while (end < groups.Length && groups[end].CreateTime == groups[start].CreateTime)
            {
                end++;
            }

            random.Shuffle(groups[start..end]);
            start = end;
        }
    }

    // SplitMix64. The first numbers of a seeded Random are linear in the seed, so consecutive requests would have similar orders.
    private int MixedSeed()
    {
        ulong mixed = (uint)seed + ((ulong)requestNumber * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)(mixed ^ (mixed >> 31));
    }
}
