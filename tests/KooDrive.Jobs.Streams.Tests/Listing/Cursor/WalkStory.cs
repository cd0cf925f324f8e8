using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

/// <summary>The subject of a story.</summary>
public enum StoryFamily
{
    Strict,
    Ties,
    TiesLargerThanPages,
    UnstableTiesLargerThanPages,
    LateArrivals,
    ReusedIds,
    TimesStepBack,
    MissingTimes,
    NoTimes,
    OldestFirst,
}

/// <summary>
/// One walk over a list that changes before every response, with responses produced in any order and occasional stops and resumptions.
/// The seed determines everything.
/// </summary>
internal sealed class WalkStory
{
    private readonly Random _random;
    private readonly ChangingList _list;
    private readonly int _pageSize;
    private readonly int _pagesInFlight;
    private readonly int _cap;
    private readonly int _maxGroup;
    private readonly double _insertions;
    private readonly double _deletions;
    private readonly double _middle;
    private readonly double _bursts;
    private readonly double _stops;
    private int _responses;

    public WalkStory(int seed, StoryFamily? family = null)
    {
        _random = new Random(seed);
        Family = family ?? (StoryFamily)(seed % Enum.GetValues<StoryFamily>().Length);
        _pageSize = _random.Next(4) switch { 0 => _random.Next(2, 6), 1 => _random.Next(2, 20), _ => _random.Next(2, 101) };
        bool areLarge = Family is StoryFamily.TiesLargerThanPages or StoryFamily.UnstableTiesLargerThanPages;
        _maxGroup = areLarge || Family is StoryFamily.Ties ? _random.Next(1, 21) : _random.Next(3) == 0 ? _random.Next(1, 5) : 1;
        _cap = _random.Next(6) == 0 ? Math.Max(_maxGroup + 3, _random.Next(4, Math.Max(4, _pageSize) + 1)) : 100;
        if (areLarge)
        {
            // The server returns few jobs at a time. It orders ties the same way for each request, or another way for each.
            (_pageSize, _cap) = (_random.Next(2, 20), _random.Next(2, 8));
        }

        int count = _random.Next(5) == 0 ? _random.Next(0, 8) : _random.Next(0, 12 * _pageSize);
        _list = new ChangingList(count, _maxGroup, OrderOf(Family), new Random(seed)) { ReusesIds = Family is StoryFamily.ReusedIds };
        _pagesInFlight = _random.Next(1, 9);
        IsWild = _random.Next(5) == 0;
        _insertions = Rate();
        _deletions = Rate();
        _middle = Family is StoryFamily.LateArrivals or StoryFamily.ReusedIds || _random.Next(4) == 0 ? Rate() : 0;
        _bursts = _random.Next(3) == 0 ? 0.05 : 0;
        _stops = _random.Next(6) switch { 0 => 0.2, 1 => 1, _ => 0 };
    }

    public StoryFamily Family { get; }

    /// <summary>Whether the list may change faster than it can be read, so that the walk may abort.</summary>
    public bool IsWild { get; }

    public List<string> Yielded { get; private set; } = [];

    /// <summary>Whether the walk reached the end of the list.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>The cost of the walk and the number of list shifts.</summary>
    public (long Requests, long JobsRead, long Shifts) Cost { get; private set; }

    public HashSet<string> Survivors => _list.Survivors;

    public override string ToString() =>
        $"{Family}, wild {IsWild}, limit {_pageSize}, cap {_cap}, groups {_maxGroup}, in flight {_pagesInFlight}, insertions {_insertions:F2}, deletions {_deletions:F2}, middle {_middle:F2}, bursts {_bursts}, stops {_stops}";

    /// <summary>Walks with the rules of the library.</summary>
    /// <param name="distort">Changes the pages, to break the walk deliberately.</param>
    /// <param name="distortResumePoint">Changes the resume point, to break the walk deliberately.</param>
    public void Run(Func<Job[], Job[]>? distort = null, Func<ResumePoint, ResumePoint>? distortResumePoint = null)
    {
        var options = new JobListingOptions { PageSize = _pageSize, PagesInFlight = _pagesInFlight };
        var driver = new WalkDriver(options, range => Respond(range, distort)) { ChooseNext = _random.Next };
        Yielded = driver.Yielded;

        // A list that grows faster than it is read has no end.
        while (!driver.Walk.IsDone && (!IsWild || driver.Requests.Count < 300))
        {
            // A caller who stops after every page stops at pages with jobs only.
            int newJobs = 0;
            int pages = _random.Next(1, 20);
            for (int i = 0; i < pages && !driver.Walk.IsDone && !(_stops >= 1 && newJobs > 0); i++)
            {
                long shiftsBefore = driver.Walk.Shifts;
                newJobs = driver.Step();
                Cost = Cost with { Requests = driver.Requests.Count, Shifts = Cost.Shifts + driver.Walk.Shifts - shiftsBefore };
            }

            if (_stops < 1 ? _random.NextDouble() < _stops : newJobs > 0)
            {
                driver.StopAndResume(distortResumePoint);
            }
        }

        IsCompleted = driver.Walk.IsDone;
    }

    /// <summary>Walks with other rules, which receive pages and return ids and whether the walk is complete.</summary>
    public void Run(Func<Func<PageRange, Job[]>, int, (List<string> Yielded, bool IsCompleted)> walk) =>
        (Yielded, IsCompleted) = walk(range => Respond(range, null), Math.Min(_cap, Math.Max(4, _pageSize)));

    private static ListOrder OrderOf(StoryFamily family) => family switch
    {
        StoryFamily.Ties or StoryFamily.UnstableTiesLargerThanPages => ListOrder.TiesInAnyOrder,
        StoryFamily.TimesStepBack => ListOrder.StepsBack,
        StoryFamily.MissingTimes => ListOrder.SomeTimesMissing,
        StoryFamily.NoTimes => ListOrder.NoTimes,
        StoryFamily.OldestFirst => ListOrder.OldestFirst,
        _ => ListOrder.Strict,
    };

    private Job[] Respond(PageRange range, Func<Job[], Job[]>? distort)
    {
        Change();
        Job[] jobs = _list.Page(range.Offset, Math.Min(_cap, range.Limit));
        Cost = Cost with { JobsRead = Cost.JobsRead + jobs.Length };
        return distort?.Invoke(jobs) ?? jobs;
    }

    private void Change()
    {
        if (Family is StoryFamily.UnstableTiesLargerThanPages && ++_responses > 200)
        {
            // A group that grows as fast as it is counted has no end.
            return;
        }

        if (Family is StoryFamily.OldestFirst && Cost.JobsRead > 50 * _pageSize)
        {
            // Jobs that are inserted at the end would be read forever.
            return;
        }

        _list.Insert(Times(_insertions));
        for (int i = Times(_middle); i > 0; i--)
        {
            _list.InsertAt(_random.Next(_list.Count + 1), 1);
        }

        for (int i = Times(_deletions); i > 0 && _list.Count > 0; i--)
        {
            _list.RemoveRange(_random.Next(_list.Count), 1);
        }

        if (_random.NextDouble() < _bursts)
        {
            int count = _random.Next(1, 3 * _pageSize);
            if (_random.Next(2) == 0)
            {
                _list.Insert(count);
            }
            else if (_list.Count > 0)
            {
                _list.RemoveRange(_random.Next(_list.Count), count);
            }
        }
    }

    /// <summary>Changes before each response: usually a small part of a page, in a wild story up to a page.</summary>
    private double Rate() => _random.Next(4) switch
    {
        0 => 0,
        1 => IsWild ? _cap * _random.NextDouble() : 0,
        _ => (IsWild ? 3 : 0.1 * (Math.Min(_cap, _pageSize) - 1) / _pagesInFlight) * _random.NextDouble(),
    };

    private int Times(double rate) => (int)rate + (_random.NextDouble() < rate - (int)rate ? 1 : 0);
}
