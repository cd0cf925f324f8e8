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
    private readonly RequestsInFlight _inFlight;
    private readonly OrderCheck _order;
    private readonly MovingEnd _end = new();
    private readonly long _lowestOffset;

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
    private WalkProbe? _probe;
    private string[] _lastPage = [];
    private string? _lastOfPage;
    private long _lastYieldedOffset;

    public AnchoredWalk(AnchoredWalkOptions options)
    {
        _options = options;
        _remembered = new(options.Remembered, options.TrustsOrderOfIds);
        _order = new(_remembered);
        _lowestOffset = options.FirstOffset == 1 ? 1 : 0;
        _lastYieldedOffset = options.ResumeFrom?.Offset ?? options.FirstOffset;
        _inFlight = new(_lastYieldedOffset);
        if (options.ResumeFrom is { TaskIds.Count: > 0 } resume)
        {
            _hasBegun = true;
            _startedAfresh = resume.StartedAfresh;
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

        offset = _inFlight.Send();
        Requests++;
        return true;
    }

    /// <summary>Takes the answer to the oldest request in flight.</summary>
    /// <exception cref="JobListingException">The list moved in a way that the walk cannot follow.</exception>
    public WalkStep Accept(ReadOnlySpan<Job> jobs)
    {
        RequestsInFlight.Request request = _inFlight.TakeOldest();
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
        KnowsOnlyPart || _remembered.Count > ResumePoint.TaskIdLimit,
        _startedAfresh);

    /// <summary>Whether the list may hold jobs before the walk's place that it does not remember.</summary>
    private bool KnowsOnlyPart => _remembered.HasForgotten || _options.FirstOffset > _lowestOffset;

    private (int Start, int Count) Read(RequestsInFlight.Request request, ReadOnlySpan<Job> jobs)
    {
        long offset = request.Offset;
        if (jobs.IsEmpty && offset == (_hasBegun ? _lowestOffset : _inFlight.Next))
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
        _order.Check(jobs, anchor, ++_page, offset);
        if (anchor < 0 && !MayBeginAt(offset))
        {
            LookAround(offset, jobs.Length);
            return default;
        }

        int start = anchor + 1;
        if (request.IsAhead && start < jobs.Length && jobs[anchor].TaskId != _lastOfPage)
        {
            // It may have been answered before the page in front of it, so what stands between the two pages is not known.
            _inFlight.ContinueAt(offset);
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
        _hasBegun ? _startsAfresh && offset == _lowestOffset : offset == _inFlight.Next;

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

    /// <summary>Remembers what is new, up to the most jobs wanted.</summary>
    private int Yield(long offset, ReadOnlySpan<Job> jobs, int start)
    {
        int count = (int)Math.Min(jobs.Length - start, (_options.MaxJobs ?? long.MaxValue) - Jobs);
        if (_startedAfresh && count > 0 && (_remembered.HasForgotten || !_remembered.HasRoomFor(count)))
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
            Ask(new WalkProbe(WalkProbeKind.BehindTheOnlyJob, ReturnTo: offset), offset + 1);
            return;
        }

        int overlap = newJobs > 0 ? Math.Min(_overlap, Math.Max(1, length / 2)) : 1;
        _inFlight.Stride = Math.Max(1, length - overlap);
        _inFlight.Next = offset + length - overlap;
        if (newJobs == 0 && _oneAtATime)
        {
            _inFlight.Next = Math.Max(_lowestOffset, _end.Aim(jobs[^1].TaskId, _inFlight.Next, Requests));
        }

        if (_quietPages == QuietPagesBeforeLookingAhead)
        {
            _lastPage = TaskIds(jobs);
            Ask(new WalkProbe(WalkProbeKind.FarAhead, ReturnTo: _inFlight.Next), _inFlight.Next + (10L * _mostServed));
            return;
        }

        if (_oneAtATime || _inFlight.StartBehind(offset + length - 1))
        {
            _inFlight.Drop();
        }
    }

    private void Ask(WalkProbe probe, long offset)
    {
        _probe = probe;
        _inFlight.ContinueAt(offset);
    }

    private void Answer(WalkProbe probe, long offset, ReadOnlySpan<Job> jobs)
    {
        if (probe.Kind == WalkProbeKind.BehindTheOnlyJob)
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

        _inFlight.Next = probe.ReturnTo;
        _oneAtATime = true;
    }

    private void LookAround(long offset, int count)
    {
        Drifts++;
        _calmPages = 0;
        _overlap = _overlap < _options.PageSize ? Math.Max(2, _overlap * 2) : _overlap;
        _search ??= new AnchorSearch(_lowestOffset);
        if (_search.Next(offset, count, _mostServed, _remembered.Count) is { } next)
        {
            _inFlight.ContinueAt(next);
            return;
        }

        if (KnowsOnlyPart)
        {
            throw WalkFailures.AnchorLost(offset, _remembered.Count);
        }

        // Every job ever yielded is remembered, and none is left: what is in the list now is all new.
        _search = null;
        _startsAfresh = _startedAfresh = _oneAtATime = true;
        _inFlight.ContinueAt(_lowestOffset);
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
        _inFlight.Drop();
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
}
