using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// The jobs furthest down the list of those that a walk has yielded, at least as many as its capacity: what the next page is held
/// against. Knows their order in the list, and on which page and where on it each was last seen.
/// </summary>
/// <remarks>
/// Their order is the list's and not that in which they were yielded: a walk that goes back for an anchor yields late comers that stand before
/// jobs it knows. Letting go by age would then forget jobs that are still ahead, and repeat them.
/// </remarks>
internal sealed class RememberedJobs(int capacity)
{
    private readonly Dictionary<string, Sighting> _sightings = new(TaskIdComparer.Instance);
    private readonly List<string> _inListOrder = [];

    public int Count => _inListOrder.Count;

    /// <summary>Whether a job was ever let go to make room.</summary>
    public bool HasForgotten { get; private set; }

    /// <summary>Takes over what an earlier walk remembered, in the order of the list.</summary>
    public void Restore(IReadOnlyList<string> taskIds, bool hasForgotten)
    {
        HasForgotten = hasForgotten;
        foreach (string taskId in taskIds)
        {
            // A page of its own for each: nothing was seen of who stood before whom.
            if (_sightings.TryAdd(taskId, new Sighting(Page: -1 - Count, Index: 0)))
            {
                _inListOrder.Add(taskId);
            }
        }
    }

    public bool Contains(string taskId) => _sightings.ContainsKey(taskId);

    public bool HasRoomFor(int count) => Count + count <= capacity;

    /// <summary>Remembers jobs that follow each other on a page.</summary>
    /// <param name="jobs">The jobs, none of them remembered yet.</param>
    /// <param name="anchor">The remembered job before them; null when there is none.</param>
    /// <param name="page">The number of the page.</param>
    /// <param name="index">Where on the page the first of them stands.</param>
    public void Add(ReadOnlySpan<Job> jobs, string? anchor, int page, int index)
    {
        int place = anchor is null ? Count : _inListOrder.LastIndexOf(anchor) + 1;
        foreach (Job job in jobs)
        {
            _sightings.Add(job.TaskId, new Sighting(page, index++));
            _inListOrder.Insert(place++, job.TaskId);
        }

        if (Count > 2 * capacity)
        {
            Forget(Count - capacity);
        }
    }

    /// <summary>Where a remembered job was last seen.</summary>
    public bool TryGetSighting(string taskId, out Sighting sighting) => _sightings.TryGetValue(taskId, out sighting);

    /// <summary>Notes where a remembered job was seen again.</summary>
    public void SawAgain(string taskId, Sighting sighting) => _sightings[taskId] = sighting;

    /// <summary>The <paramref name="count"/> furthest down, in the order of the list.</summary>
    public string[] Furthest(int count) => [.. _inListOrder[^Math.Min(Count, count)..]];

    private void Forget(int count)
    {
        HasForgotten = true;
        foreach (string taskId in CollectionsMarshal.AsSpan(_inListOrder)[..count])
        {
            _sightings.Remove(taskId);
        }

        _inListOrder.RemoveRange(0, count);
    }

    /// <summary>A place on a page of the walk.</summary>
    internal readonly record struct Sighting(int Page, int Index);
}
