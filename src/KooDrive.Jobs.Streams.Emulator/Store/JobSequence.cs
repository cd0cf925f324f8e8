namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The jobs in the order of their creation, in chunks with tallies. Not thread-safe.</summary>
/// <remarks>
/// The tallies are used to skip whole chunks of about a thousand jobs, and a removal moves the jobs of one chunk only. A page at the end of
/// a million jobs, filtered or not, therefore costs about a thousand additions.
/// </remarks>
internal sealed class JobSequence
{
    private const int ChunkCapacity = 1024;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<Chunk> _chunks = [];

    public int Count => _entries.Count;

    public EmulatedJob? Find(string taskId) => _entries.TryGetValue(taskId, out Entry? entry) ? entry.Job : null;

    /// <summary>Adds a job as the newest. The sequence must not contain its id.</summary>
    public void Append(EmulatedJob job)
    {
        if (_chunks.Count == 0 || _chunks[^1].Entries.Count == ChunkCapacity)
        {
            _chunks.Add(new Chunk());
        }

        Chunk chunk = _chunks[^1];
        var entry = new Entry(job, chunk);
        _entries.Add(job.TaskId, entry);
        chunk.Entries.Add(entry);
        chunk.Tally.Add(job);
    }

    public void Replace(EmulatedJob job)
    {
        Entry entry = _entries[job.TaskId];
        entry.Chunk.Tally.Remove(entry.Job);
        entry.Chunk.Tally.Add(job);
        entry.Job = job;
    }

    public EmulatedJob? Remove(string taskId)
    {
        if (!_entries.Remove(taskId, out Entry? entry))
        {
            return null;
        }

        entry.Chunk.Entries.Remove(entry);
        entry.Chunk.Tally.Remove(entry.Job);
        if (entry.Chunk.Entries.Count == 0)
        {
            _chunks.Remove(entry.Chunk);
        }

        return entry.Job;
    }

    public int CountMatching(JobFilter filter) => _chunks.Sum(chunk => chunk.Tally.Count(filter));

    /// <summary>Copies matching jobs, newest first, starting at <paramref name="offset"/>, and returns the number of copied jobs.</summary>
    public int Copy(JobFilter filter, long offset, Span<EmulatedJob> page)
    {
        int copied = 0;
        for (int index = _chunks.Count - 1; index >= 0 && copied < page.Length; index--)
        {
            Chunk chunk = _chunks[index];
            int matching = chunk.Tally.Count(filter);
            if (offset >= matching)
            {
                offset -= matching;
                continue;
            }

            copied += chunk.Copy(filter, (int)offset, page[copied..]);
            offset = 0;
        }

        return copied;
    }

    private sealed class Entry(EmulatedJob job, Chunk chunk)
    {
        public EmulatedJob Job { get; set; } = job;

        public Chunk Chunk { get; } = chunk;
    }

    private sealed class Chunk
    {
        public List<Entry> Entries { get; } = [];

        public JobTally Tally { get; } = new();

        public int Copy(JobFilter filter, int skip, Span<EmulatedJob> page)
        {
            bool everyEntryMatches = Tally.Count(filter) == Entries.Count;
            int start = Entries.Count - 1;
            if (everyEntryMatches)
            {
                start -= skip;
                skip = 0;
            }

            int copied = 0;
            for (int index = start; index >= 0 && copied < page.Length; index--)
            {
                EmulatedJob job = Entries[index].Job;
                if (!filter.Matches(job))
                {
                    continue;
                }

                if (skip > 0)
                {
                    skip--;
                    continue;
                }

                page[copied++] = job;
            }

            return copied;
        }
    }
}
