using System.Globalization;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

/// <summary>The order of a <see cref="ChangingList"/> and the creation times of its jobs.</summary>
internal enum ListOrder
{
    /// <summary>Newest first; jobs of the same second keep their relative order.</summary>
    Strict,

    /// <summary>Newest first; jobs of the same second are listed in another order in each response.</summary>
    TiesInAnyOrder,

    /// <summary>No job has a creation time.</summary>
    NoTimes,

    /// <summary>Some jobs have no creation time.</summary>
    SomeTimesMissing,

    /// <summary>Times step back in the middle of the list, as local times do at the end of daylight saving.</summary>
    StepsBack,

    /// <summary>Oldest first.</summary>
    OldestFirst,
}

/// <summary>A list of jobs that changes, and a record of the jobs that were always listed.</summary>
internal sealed class ChangingList
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // In reverse, because most jobs are inserted at the top.
    private readonly List<Entry> _reversed = [];
    private readonly ListOrder _order;
    private readonly Random _random;
    private readonly Func<long, string> _name;
    private readonly Stack<string> _freeIds = new();
    private readonly int _gap;
    private long _nextId;
    private long _now;
    private readonly long _step;
    private long _oldestFirst;

    /// <param name="count">The number of jobs at the start.</param>
    /// <param name="maxGroup">The maximum number of jobs with the same creation time at the start.</param>
    /// <param name="order">The order of the list.</param>
    /// <param name="random">The order of ties, and the size of tie groups.</param>
    /// <param name="name">The id of the job that was created at a position in time; null for numbers that grow, as the server's do.</param>
    /// <param name="gap">The seconds between two tie groups, with room for jobs that are inserted in the middle; 0 for one group.</param>
    public ChangingList(int count, int maxGroup = 1, ListOrder order = ListOrder.Strict, Random? random = null, Func<long, string>? name = null, int gap = 16)
    {
        _gap = gap;
        _order = order;
        _random = random ?? new Random(0);
        _name = name ?? (age => (1_320_279_000_000_000_000 + (age * 97)).ToString(CultureInfo.InvariantCulture));
        while (_reversed.Count < count)
        {
            int group = Math.Min(_random.Next(1, maxGroup + 1), count - _reversed.Count);
            _reversed.AddRange(Enumerable.Range(0, group).Select(_ => NewEntry(_now)).Reverse());
            _now += _gap * (1 + (_nextId % 2));
        }

        if (order is ListOrder.StepsBack && count > 0)
        {
            // The clock of the newer part is late, so that its oldest jobs seem older than the jobs after them, by less or by more than the length of the list.
            _step = _random.Next(1, 2 * (int)Math.Max(2, _now));
            int first = _random.Next(count);
            for (int i = count - first; i < count; i++)
            {
                _reversed[i] = _reversed[i] with { Time = _reversed[i].Time - _step };
            }
        }

        StartAgain();
    }

    /// <summary>The ids of the jobs that have been listed since the start.</summary>
    public HashSet<string> Survivors { get; } = [];

    public int Count => _reversed.Count;

    public bool ReusesIds { get; init; }

    public Job[] Page(long offset, int limit)
    {
        int start = (int)Math.Min(offset, Count);
        int end = Math.Min(Count, start + limit);
        return [.. (_order is ListOrder.TiesInAnyOrder && start < end ? ShuffleTies(start, end) : Slice(start, end)).Select(ToJob)];
    }

    /// <summary>Inserts new jobs at the top; in a list that is sorted oldest first, at its end.</summary>
    public void Insert(int count)
    {
        for (; count > 0; count--)
        {
            _now += _gap * _random.Next(2);
            if (_order is ListOrder.OldestFirst)
            {
                _reversed.Insert(0, NewEntry(_oldestFirst -= _gap * _random.Next(2)));
            }
            else
            {
                _reversed.Add(NewEntry(_now - _step));
            }
        }
    }

    /// <summary>Inserts new jobs in the middle, as when jobs start to match a filter.</summary>
    public void InsertAt(int index, int count)
    {
        for (; count > 0; count--)
        {
            long after = index < Count ? At(index).Time : index > 0 ? At(index - 1).Time - _gap : _now;
            _reversed.Insert(Count - index, NewEntry(index > 0 ? (after + At(index - 1).Time) / 2 : after));
        }
    }

    public void RemoveRange(int index, int count)
    {
        count = Math.Min(count, Count - index);
        foreach (Entry entry in Slice(index, index + count))
        {
            Survivors.Remove(entry.TaskId);
            if (ReusesIds)
            {
                _freeIds.Push(entry.TaskId);
            }
        }

        _reversed.RemoveRange(Count - index - count, count);
    }

    /// <summary>Makes all jobs that are listed now survivors.</summary>
    public void StartAgain()
    {
        Survivors.Clear();
        Survivors.UnionWith(_reversed.Select(entry => entry.TaskId));
    }

    private Entry NewEntry(long time)
    {
        _nextId++;
        return new Entry(_freeIds.TryPop(out string? free) ? free : _name(_nextId), _nextId, time);
    }

    private Entry At(int index) => _reversed[Count - 1 - index];

    private Entry[] Slice(int start, int end)
    {
        Entry[] entries = [.. _reversed[(Count - end)..(Count - start)]];
        Array.Reverse(entries);
        return entries;
    }

    // Each tie group that reaches into the page, in random order.
    private Entry[] ShuffleTies(int start, int end)
    {
        int from = start, to = end;
        while (from > 0 && At(from - 1).Time == At(from).Time)
        {
            from--;
        }

        while (to < Count && At(to).Time == At(to - 1).Time)
        {
            to++;
        }

        Entry[] entries = Slice(from, to);
        _random.Shuffle(entries);
        return [.. entries.OrderByDescending(entry => entry.Time).Skip(start - from).Take(end - start)];
    }

    private Job ToJob(Entry entry) => new()
    {
        TaskId = entry.TaskId,
        CreateTime = _order switch
        {
            ListOrder.NoTimes => null,
            ListOrder.SomeTimesMissing when entry.Number % 23 == 5 => null,
            ListOrder.OldestFirst => Start.AddSeconds(-entry.Time),
            _ => Start.AddSeconds(entry.Time),
        },
    };

    private readonly record struct Entry(string TaskId, long Number, long Time);
}
