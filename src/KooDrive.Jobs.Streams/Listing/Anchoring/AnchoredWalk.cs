namespace KooDrive.Jobs.Streams;

/// <summary>
/// The rules of a walk over a list that changes meanwhile: pages in, new jobs and the next offsets out. No I/O, no clock.
/// </summary>
/// <remarks>
/// Each request overlaps the one before by a job or more. The <em>anchor</em> is the remembered job furthest down a page: what
/// follows it is new, what precedes it is known or came in late. A page without an anchor shows that the list moved; the walk then
/// looks around for one. Where "exactly once" cannot be kept it throws a <see cref="JobListingException"/>.
/// </remarks>
internal sealed class AnchoredWalk
{
    /// <summary>Enough that deletions in a row hardly ever remove them all, and small beside a page in memory.</summary>
    internal const int LeastRemembered = 1024;

    private const int CalmPagesBeforeSmallerOverlap = 8;
    private const int QuietPagesBeforeLookingAhead = 3;
    private const int QuietPagesOfOneJob = 6;

    private readonly AnchoredWalkOptions _options;
    private readonly RememberedJobs _remembered;
    private readonly Queue<Request> _inFlight = new();
    private readonly HashSet<string> _onPage = new(StringComparer.Ordinal);
    private readonly MovingEnd _end = new();
    private readonly long _lowestOffset;

    private long _next;
    private long _lastRequested;
    private int _stride = 1;
    private int _overlap = 1;
    private int _calmPages;
    private bool _oneAtATime = true;
    private int _mostServed;
    private int _page;
    private int _quietPages;
    private long _productivePages;
    private bool _hasBegun;
    private bool _startsAfresh;
    private bool _startedAfresh;
    private AnchorSearch? _search;
    private Probe? _probe;
    private string[] _lastPage = [];
    private string? _lastOfPage;
    private long _lastYieldedOffset;

    public AnchoredWalk(AnchoredWalkOptions options)
    {
        _options = options;
        _remembered = new(options.Remembered);
        _lowestOffset = options.FirstOffset == 1 ? 1 : 0;
        _next = _lastYieldedOffset = options.ResumeFrom?.Offset ?? options.FirstOffset;
        if (options.ResumeFrom is { TaskIds.Count: > 0 } resume)
        {
            _hasBegun = true;
            _remembered.Restore(resume.TaskIds, resume.HasForgotten);
        }
    }

    /// <summary>Whether the end of the list was reached.</summary>
    public bool IsDone { get; private set; }

    public long Pages { get; private set; }

    public long Jobs { get; private set; }

    public long Requests { get; private set; }

    /// <summary>How often the walk found no anchor and had to look around.</summary>
    public long Drifts { get; private set; }

    /// <summary>Gives the next offset to ask for, if the walk wants another request in flight.</summary>
    public bool TryRequest(out long offset)
    {
        int wanted = _oneAtATime || _search is not null || _probe is not null ? 1 : _options.PagesInFlight;
        if (IsDone || _inFlight.Count >= wanted)
        {
            offset = 0;
            return false;
        }

        offset = _inFlight.Count > 0 ? _lastRequested + _stride : _next;
        _lastRequested = offset;
        _inFlight.Enqueue(new Request(offset, IsAhead: _inFlight.Count > 0));
        Requests++;
        return true;
    }

    /// <summary>Takes the answer to the oldest request in flight.</summary>
    /// <exception cref="JobListingException">The list moved in a way that the walk cannot follow.</exception>
    public WalkStep Accept(ReadOnlySpan<Job> jobs)
    {
        Request request = _inFlight.Dequeue();
        int requestsBefore = _inFlight.Count;
        Pages++;
        if (++_quietPages > 32 + (4 * _productivePages))
        {
            throw WalkFailures.NoProgress(request.Offset, _quietPages);
        }

        (int start, int count) = Read(request, jobs);
        return new WalkStep(start, count, DropsRequests: _inFlight.Count < requestsBefore);
    }

    /// <summary>Where the walk stands: behind the last job yielded.</summary>
    public ResumePoint GetResumePoint() => new(
        _options.Query,
        _lastYieldedOffset,
        _remembered.Furthest(ResumePoint.TaskIdLimit),
        KnowsOnlyPart || _remembered.Count > ResumePoint.TaskIdLimit);

    /// <summary>Whether the list may hold jobs before the walk's place that it does not remember.</summary>
    private bool KnowsOnlyPart => _remembered.HasForgotten || _options.FirstOffset > _lowestOffset;

    private (int Start, int Count) Read(Request request, ReadOnlySpan<Job> jobs)
    {
        long offset = request.Offset;
        if (jobs.IsEmpty && offset == (_hasBegun ? _lowestOffset : _next))
        {
            End();
            return default;
        }

        _mostServed = Math.Max(_mostServed, jobs.Length);
        if (_probe is { } probe)
        {
            _probe = null;
            Answer(probe, offset, jobs);
            return default;
        }

        int anchor = FindAnchor(jobs);
        CheckOrder(offset, jobs, anchor);
        if (anchor < 0 && !MayBeginAt(offset))
        {
            LookAround(offset, jobs.Length);
            return default;
        }

        int start = anchor + 1;
        if (request.IsAhead && start < jobs.Length && jobs[anchor].TaskId != _lastOfPage)
        {
            // It may have been answered before the page in front of it, so what stands between the two pages is not known.
            _inFlight.Clear();
            _next = offset;
            return default;
        }

        AdaptOverlap();
        _search = null;
        _hasBegun = true;
        _startsAfresh = false;
        _lastOfPage = jobs[^1].TaskId;
        int count = Yield(offset, jobs, start);
        if (!IsDone)
        {
            PlanNext(offset, jobs, count);
        }

        return (start, count);
    }

    private bool MayBeginAt(long offset) =>
        _hasBegun ? _startsAfresh && offset == _lowestOffset : offset == _next;

    private int FindAnchor(ReadOnlySpan<Job> jobs)
    {
        for (int i = jobs.Length - 1; i >= 0; i--)
        {
            if (_remembered.Contains(jobs[i].TaskId))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Two jobs seen together on an earlier page must not stand the other way round now, nor any job twice.</summary>
    private void CheckOrder(long offset, ReadOnlySpan<Job> jobs, int anchor)
    {
        _page++;
        Dictionary<int, int>? furthest = anchor > 0 ? [] : null;
        _onPage.Clear();
        for (int i = 0; i < jobs.Length; i++)
        {
            string taskId = jobs[i].TaskId;
            if (!_onPage.Add(taskId))
            {
                throw WalkFailures.RepeatedOnPage(offset, taskId);
            }

            if (i > anchor || !_remembered.TryGetSighting(taskId, out RememberedJobs.Sighting before))
            {
                continue;
            }

            if (furthest is not null)
            {
                if (furthest.TryGetValue(before.Page, out int index) && index > before.Index)
                {
                    throw WalkFailures.OrderChanged(offset, taskId);
                }

                furthest[before.Page] = before.Index;
            }

            _remembered.SawAgain(taskId, new(_page, i));
        }
    }

    /// <summary>Remembers what is new, up to the most jobs wanted.</summary>
    private int Yield(long offset, ReadOnlySpan<Job> jobs, int start)
    {
        int count = (int)Math.Min(jobs.Length - start, (_options.MaxJobs ?? long.MaxValue) - Jobs);
        if (_startedAfresh && !_remembered.HasRoomFor(count))
        {
            // Reading from the start again is right only as long as nothing is forgotten.
            throw WalkFailures.AnchorLost(offset, _remembered.Count);
        }

        _remembered.Add(jobs.Slice(start, count), anchor: start > 0 ? jobs[start - 1].TaskId : null, _page, start);
        Jobs += count;
        if (count > 0)
        {
            _quietPages = 0;
            _productivePages++;
            _lastYieldedOffset = offset + start + count - 1;
        }

        bool trustedEnd = _options.TrustShortPages && count > 0 && jobs.Length < _options.PageSize;
        bool lastJobAlone = count == 0 && jobs.Length == 1 && _mostServed > 1;
        if (trustedEnd || lastJobAlone || Jobs == _options.MaxJobs)
        {
            End();
        }

        return count;
    }

    private void PlanNext(long offset, ReadOnlySpan<Job> jobs, int newJobs)
    {
        int length = jobs.Length;
        _oneAtATime = length < _mostServed;
        if (length == 1 && _mostServed == 1)
        {
            // The only job of the list, or a server that serves one at a time: what is behind it tells.
            Ask(new Probe(ProbeKind.BehindTheOnlyJob, Return: offset), offset + 1);
            return;
        }

        int overlap = newJobs > 0 ? Math.Min(_overlap, Math.Max(1, length / 2)) : 1;
        _stride = Math.Max(1, length - overlap);
        _next = offset + length - overlap;
        if (newJobs == 0 && _oneAtATime)
        {
            _next = Math.Max(_lowestOffset, _end.Aim(jobs[^1].TaskId, _next, Requests));
        }

        if (_quietPages == QuietPagesBeforeLookingAhead)
        {
            _lastPage = TaskIds(jobs);
            Ask(new Probe(ProbeKind.FarAhead, Return: _next), _next + (10L * _mostServed));
            return;
        }

        bool leavesSeam = _inFlight.TryPeek(out Request following) && following.Offset > offset + length - 1;
        if (_oneAtATime || leavesSeam)
        {
            _inFlight.Clear();
        }
    }

    private void Ask(Probe probe, long offset)
    {
        _inFlight.Clear();
        _probe = probe;
        _next = offset;
    }

    private void Answer(Probe probe, long offset, ReadOnlySpan<Job> jobs)
    {
        if (probe.Kind == ProbeKind.BehindTheOnlyJob)
        {
            if (jobs.IsEmpty)
            {
                End();
                return;
            }

            if (_mostServed == 1 && _quietPages > QuietPagesOfOneJob)
            {
                throw WalkFailures.PageTooSmall(offset);
            }
        }
        else if (_lastPage.Intersect(TaskIds(jobs), StringComparer.Ordinal).Any())
        {
            throw WalkFailures.OffsetIgnored(offset);
        }

        _next = probe.Return;
        _oneAtATime = true;
    }

    private void LookAround(long offset, int count)
    {
        _inFlight.Clear();
        Drifts++;
        _calmPages = 0;
        _overlap = _overlap < _options.PageSize ? Math.Max(2, _overlap * 2) : _overlap;
        _search ??= new AnchorSearch(_lowestOffset);
        if (_search.Next(offset, count, _mostServed, _remembered.Count) is { } next)
        {
            _next = next;
            return;
        }

        if (KnowsOnlyPart)
        {
            throw WalkFailures.AnchorLost(offset, _remembered.Count);
        }

        // Every job ever yielded is remembered, and none is left: what is in the list now is all new.
        _search = null;
        _startsAfresh = _startedAfresh = _oneAtATime = true;
        _next = _lowestOffset;
    }

    /// <summary>An overlap that grew with the losses of anchor shrinks again in calm: half the requests when the list is busy.</summary>
    private void AdaptOverlap()
    {
        if (_search is null && ++_calmPages >= CalmPagesBeforeSmallerOverlap)
        {
            _overlap = Math.Max(1, _overlap / 2);
            _calmPages = 0;
        }
    }

    private void End()
    {
        IsDone = true;
        _inFlight.Clear();
    }

    private static string[] TaskIds(ReadOnlySpan<Job> jobs)
    {
        var taskIds = new string[jobs.Length];
        for (int i = 0; i < jobs.Length; i++)
        {
            taskIds[i] = jobs[i].TaskId;
        }

        return taskIds;
    }

    private enum ProbeKind
    {
        BehindTheOnlyJob,
        FarAhead,
    }

    /// <summary>A request in flight, and whether it was sent before the answer to the one in front of it was read.</summary>
    private readonly record struct Request(long Offset, bool IsAhead);

    /// <summary>A question asked aside, and the offset at which the walk goes on after it.</summary>
    private sealed record Probe(ProbeKind Kind, long Return);
}
