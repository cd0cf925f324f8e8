namespace KooDrive.Jobs.Streams.Tests.Listing.Anchoring;

/// <summary>
/// One walk over a list that changes before every request, with answers in any order of service and now and then a stop and
/// a resumption. Everything follows from the seed.
/// </summary>
internal sealed class WalkStory
{
    private readonly Random _random;
    private readonly ChangingList _list;
    private readonly int _pageSize;
    private readonly int _pagesInFlight;
    private readonly int _cap;
    private readonly double _insertions;
    private readonly double _deletions;
    private readonly double _late;
    private readonly double _bursts;
    private readonly double _stops;

    public WalkStory(int seed, Func<long, string>? name = null)
    {
        _random = new Random(seed);
        _pageSize = _random.Next(4) switch { 0 => _random.Next(2, 6), 1 => _random.Next(2, 20), _ => _random.Next(2, 101) };
        _list = new ChangingList(_random.Next(5) == 0 ? _random.Next(0, 8) : _random.Next(0, 12 * _pageSize), name);
        _pagesInFlight = _random.Next(1, 9);
        _cap = _random.Next(6) == 0 ? _random.Next(2, _pageSize + 1) : _pageSize;
        IsWild = _random.Next(5) == 0;
        _insertions = Rate();
        _deletions = Rate();
        _late = _random.Next(3) == 0 ? Rate() : 0;
        _bursts = _random.Next(3) == 0 ? 0.05 : 0;
        _stops = _random.Next(3) == 0 ? 0.2 : 0;
    }

    public List<string> Yielded { get; } = [];

    /// <summary>Whether the list may change faster than it can be read, so that giving up is the right end.</summary>
    public bool IsWild { get; }

    /// <summary>What the walk cost, and how often it had to look around.</summary>
    public (long Requests, long JobsRead, long Drifts) Cost { get; private set; }

    public HashSet<string> Survivors => _list.Survivors;

    public override string ToString() =>
        $"wild {IsWild}, limit {_pageSize}, cap {_cap}, in flight {_pagesInFlight}, insertions {_insertions}, deletions {_deletions}, late {_late}, bursts {_bursts}, stops {_stops}";

    /// <summary>Walks with the rules of the library.</summary>
    public void Run(bool trustsOrderOfIds = true)
    {
        var options = new AnchoredWalkOptions { PageSize = _pageSize, PagesInFlight = _pagesInFlight, TrustsOrderOfIds = trustsOrderOfIds };
        var walk = new AnchoredWalk(options);
        while (!walk.IsDone)
        {
            walk = _random.NextDouble() < _stops ? Resume(walk, options) : walk;
            List<Request> inFlight = [];
            int pages = _random.Next(1, 20);
            for (int i = 0; i < pages && !walk.IsDone; i++)
            {
                while (walk.TryRequest(out long offset))
                {
                    inFlight.Add(new Request(offset));
                    Cost = Cost with { Requests = Cost.Requests + 1 };
                }

                ServeUntilFirstIsAnswered(inFlight);
                Job[] jobs = inFlight[0].Answer!;
                inFlight.RemoveAt(0);
                long driftsBefore = walk.Drifts;
                WalkStep step = walk.Accept(jobs);
                Cost = Cost with { JobsRead = Cost.JobsRead + jobs.Length, Drifts = Cost.Drifts + walk.Drifts - driftsBefore };
                Yielded.AddRange(jobs.AsSpan(step.Start, step.Count).ToArray().Select(job => job.TaskId));
                if (step.DropsRequests)
                {
                    inFlight.Clear();
                }
            }

            if (inFlight.Count > 0)
            {
                // The walk stops here, in the middle; what is in flight is lost.
                walk = Resume(walk, options);
            }
        }
    }

    /// <summary>Walks as plain offset paging does, to show that the stories tell the two apart.</summary>
    public void RunPlainPaging()
    {
        // A list that grows faster than it is read has no end.
        for (int offset = 0, requests = 0; requests < 200; requests++)
        {
            Change();
            Job[] page = _list.Page(offset, _cap);
            if (page.Length == 0)
            {
                return;
            }

            Yielded.AddRange(page.Select(job => job.TaskId));
            offset += page.Length;
        }
    }

    private static AnchoredWalk Resume(AnchoredWalk walk, AnchoredWalkOptions options) =>
        new(options with { ResumeFrom = ResumePointFormat.Read(walk.GetResumePoint().ToString()) });

    private void ServeUntilFirstIsAnswered(List<Request> inFlight)
    {
        while (inFlight[0].Answer is null)
        {
            Change();
            Request request = inFlight[_random.Next(inFlight.Count)];
            request.Answer ??= _list.Page(request.Offset, _cap);
        }
    }

    private void Change()
    {
        for (int i = Times(_insertions); i > 0; i--)
        {
            _list.InsertAt(0, 1);
        }

        for (int i = Times(_late); i > 0; i--)
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
                _list.InsertAt(0, count);
            }
            else if (_list.Count > 0)
            {
                _list.RemoveRange(_random.Next(_list.Count), count);
            }
        }
    }

    /// <summary>Changes before each answer: ordinarily a small part of what a page brings, in a wild story as much as that.</summary>
    private double Rate() => _random.Next(4) switch
    {
        0 => 0,
        1 => IsWild ? _cap * _random.NextDouble() : 0,
        _ => (IsWild ? 3 : 0.1 * (_cap - 1) / _pagesInFlight) * _random.NextDouble(),
    };

    private int Times(double rate) => (int)rate + (_random.NextDouble() < rate - (int)rate ? 1 : 0);

    private sealed class Request(long offset)
    {
        public long Offset { get; } = offset;

        public Job[]? Answer { get; set; }
    }
}
