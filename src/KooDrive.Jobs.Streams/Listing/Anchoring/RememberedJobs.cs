using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// The jobs furthest down the list of those that a walk has yielded, at least as many as its capacity: what the next page is held
/// against. Knows their order in the list, and on which page and where on it each was last seen.
/// </summary>
/// <remarks>
/// <para>Their order is the list's and not that in which they were yielded: a walk that goes back for an anchor yields late comers that stand before
/// jobs it knows. Letting go by age would then forget jobs that are still ahead, and repeat them.</para>
/// <para>A server whose ids grow with time lists them in their order, and then the list itself is the index: a job beyond the last one is not in
/// it, and any other is found by halving. The first id out of order ends that, and a dictionary takes over for the rest of the walk.</para>
/// </remarks>
internal sealed class RememberedJobs
{
    private readonly int _capacity;
    private readonly List<string> _inListOrder = [];

    // Beside the list while it is in order of ids; then the dictionary.
    private readonly List<Sighting> _sightings = [];
    private Dictionary<string, Sighting>? _byId;

    // The sign of comparing a job's id with the next one's; 0 as long as there are no two.
    private int _direction;

    /// <param name="capacity">How many to remember at least.</param>
    /// <param name="trustsOrder">False to do without the order of ids from the start, which changes nothing but the time that it takes.</param>
    public RememberedJobs(int capacity, bool trustsOrder = true)
    {
        _capacity = capacity;
        if (!trustsOrder)
        {
            IndexById();
        }
    }

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
            if (!Contains(taskId))
            {
                Insert(Count, taskId, new Sighting(Page: -1 - Count, Index: 0));
            }
        }
    }

    public bool Contains(string taskId) => _byId?.ContainsKey(taskId) ?? IndexInOrder(taskId) >= 0;

    public bool HasRoomFor(int count) => Count + count <= _capacity;

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
            Insert(place++, job.TaskId, new Sighting(page, index++));
        }

        if (Count > 2 * _capacity)
        {
            Forget(Count - _capacity);
        }
    }

    /// <summary>Where a remembered job was last seen.</summary>
    public bool TryGetSighting(string taskId, out Sighting sighting)
    {
        if (_byId is not null)
        {
            return _byId.TryGetValue(taskId, out sighting);
        }

        int index = IndexInOrder(taskId);
        sighting = index >= 0 ? _sightings[index] : default;
        return index >= 0;
    }

    /// <summary>Notes where a remembered job was seen again.</summary>
    public void SawAgain(string taskId, Sighting sighting)
    {
        if (_byId is not null)
        {
            _byId[taskId] = sighting;
        }
        else
        {
            _sightings[IndexInOrder(taskId)] = sighting;
        }
    }

    /// <summary>The <paramref name="count"/> furthest down, in the order of the list.</summary>
    public string[] Furthest(int count) => [.. _inListOrder[^Math.Min(Count, count)..]];

    private void Insert(int place, string taskId, Sighting sighting)
    {
        if (_byId is null && IsInOrder(place, taskId))
        {
            _sightings.Insert(place, sighting);
        }
        else
        {
            IndexById().Add(taskId, sighting);
        }

        _inListOrder.Insert(place, taskId);
    }

    private void Forget(int count)
    {
        HasForgotten = true;
        if (_byId is null)
        {
            _sightings.RemoveRange(0, count);
        }
        else
        {
            foreach (string taskId in CollectionsMarshal.AsSpan(_inListOrder)[..count])
            {
                _byId.Remove(taskId);
            }
        }

        _inListOrder.RemoveRange(0, count);
    }

    private Dictionary<string, Sighting> IndexById()
    {
        if (_byId is null)
        {
            _byId = new(TaskIdComparer.Instance);
            for (int i = 0; i < _sightings.Count; i++)
            {
                _byId.Add(_inListOrder[i], _sightings[i]);
            }

            _sightings.Clear();
        }

        return _byId;
    }

    /// <summary>Whether a job at that place stands between its neighbours by its id too.</summary>
    private bool IsInOrder(int place, string taskId)
    {
        if (_direction == 0 && Count > 0)
        {
            _direction = place > 0 ? Compare(_inListOrder[place - 1], taskId) : Compare(taskId, _inListOrder[place]);
        }

        return Count == 0 || (_direction != 0
            && (place == 0 || Compare(_inListOrder[place - 1], taskId) == _direction)
            && (place == Count || Compare(taskId, _inListOrder[place]) == _direction));
    }

    /// <summary>Where a job is; negative when it is not remembered. Nearly always it is beyond the last one, or that.</summary>
    private int IndexInOrder(string taskId)
    {
        int low = 0, high = Count - 1, index = high;
        while (low <= high)
        {
            int order = Compare(_inListOrder[index], taskId);
            if (order == 0)
            {
                return index;
            }

            // A single job has no direction: it was the one sought, or none is.
            (low, high) = order == _direction ? (index + 1, high) : (low, index - 1);
            index = low + ((high - low) / 2);
        }

        return -1;
    }

    /// <summary>The sign of an order over all texts that is the order of numbers for those that are numbers.</summary>
    private static int Compare(string one, string other) =>
        Math.Sign(one.Length != other.Length ? one.Length - other.Length : string.CompareOrdinal(one, other));

    /// <summary>A place on a page of the walk.</summary>
    internal readonly record struct Sighting(int Page, int Index);
}
