namespace KooDrive.Jobs.Streams;

/// <summary>
/// What one poll has seen so far. It says what to read next and takes what came; nothing of it counts until
/// <see cref="JobTracker.Commit"/>. Read in this order: the filtered lists, the head of the list, windows, and where that was not
/// enough, everything.
/// </summary>
internal sealed class PollDraft
{
    private readonly KnownJobs _known;
    private readonly Func<TrackedJob, long> _placeBefore;
    private readonly Dictionary<JobKey, Sighting> _sightings = [];
    private readonly HashSet<JobKey> _absent = [];
    // Seen in a filtered list and not known: they came just now, or had finished and run again.
    private readonly List<JobKey> _strangers = [];
    private readonly HashSet<JobKey> _sought;
    private JobKey _last;
    private WindowSearch? _search;

    /// <summary>Begins a poll.</summary>
    /// <param name="plan">What to read besides the head.</param>
    /// <param name="known">The jobs remembered.</param>
    /// <param name="frontier">The newest jobs of the poll before.</param>
    /// <param name="placeBefore">The place of a remembered job at the poll before.</param>
    /// <param name="pageLength">How many jobs a page holds; 0 when that is not known.</param>
    public PollDraft(PollPlan plan, KnownJobs known, Frontier frontier, Func<TrackedJob, long> placeBefore, int pageLength)
    {
        Plan = plan;
        IsFullPass = plan.IsFullPass;
        PageLength = pageLength;
        _known = known;
        Frontier = frontier;
        _placeBefore = placeBefore;
        _sought = [.. plan.Deep];
        Head = new HeadSlice(frontier);
    }

    public PollPlan Plan { get; }

    /// <summary>The newest jobs of the poll before.</summary>
    public Frontier Frontier { get; }

    public HeadSlice Head { get; private set; }

    /// <summary>The first page of the list.</summary>
    public IReadOnlyList<Job> FirstPage { get; private set; } = [];

    /// <summary>Whether the first page was all that was read of the list, and no job was looked for elsewhere or found to be gone.</summary>
    public bool ReadFirstPageOnly =>
        !IsFullPass && Head.Count == FirstPage.Count && _absent.Count == 0 && _search is { Targets.Count: 0 };

    /// <summary>Whether everything is read: planned so, or because less was not enough.</summary>
    public bool IsFullPass { get; private set; }

    /// <summary>Whether the poll's requests ran out.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>The most jobs that a page of the whole list has held: what the server serves, however much is asked for.</summary>
    public int PageLength { get; private set; }

    /// <summary>The known jobs that were seen, each as last seen.</summary>
    public IReadOnlyDictionary<JobKey, Sighting> Sightings => _sightings;

    /// <summary>The known jobs that were not seen where they must be.</summary>
    public IReadOnlySet<JobKey> Absent => _absent;

    /// <summary>The jobs found by windows, with the places where they ought to have been.</summary>
    public IEnumerable<WindowTarget> Located => _search?.Targets.Where(target => target.Place is not null) ?? [];

    /// <summary>Takes a page of a filtered list.</summary>
    /// <returns>Whether to read on in the filtered lists.</returns>
    public bool SeeFiltered(IReadOnlyList<Job> jobs)
    {
        foreach (Job job in jobs)
        {
            JobKey key = JobKey.Of(job);
            _sought.Remove(key);
            if (_known.Find(key) is { } tracked)
            {
                _sightings[key] = new Sighting(tracked, job, Found: null);
            }
            else if (_known.HasRoom)
            {
                _strangers.Add(key);
            }
        }

        return Plan.ReadsFiltersWhole || _sought.Count > 0;
    }

    /// <summary>Takes the next page of the list, from its top.</summary>
    /// <returns>Whether to read on.</returns>
    public bool SeeHead(IReadOnlyList<Job> jobs)
    {
        PageLength = Math.Max(PageLength, jobs.Count);
        FirstPage = Head.Count == 0 ? jobs : FirstPage;
        foreach (FoundJob found in Locate(jobs, Head.Count, _last))
        {
            Head.See(found, Recognise(found), _known.WasLetGo(found.Key));
            _last = found.Key;
        }

        Head.EndPage();
        return IsFullPass || !Head.IsClosed;
    }

    /// <summary>The list is over.</summary>
    public void SeeEnd()
    {
        Head.EndList();
        IsFullPass = true;
        _absent.UnionWith(_known.Keys.Where(key => !_sightings.ContainsKey(key)));
    }

    /// <summary>Where to read a window next, once the head is read; null when there is no need to.</summary>
    public long? NextWindow()
    {
        if (IsFullPass)
        {
            return null;
        }

        _search ??= StartSearch();
        return _search.NextOffset();
    }

    /// <summary>Takes the window read at <see cref="NextWindow"/>.</summary>
    public void SeeWindow(long offset, IReadOnlyList<Job> jobs)
    {
        PageLength = Math.Max(PageLength, jobs.Count);
        foreach (FoundJob found in Locate(jobs, offset, before: default))
        {
            Recognise(found);
        }

        _search!.See(new WindowPage(offset, jobs));
        _absent.UnionWith(_search.Targets.Where(target => target.IsAbsent).Select(target => target.Key));
    }

    /// <summary>Whether, after the last window, only the whole list can tell the rest.</summary>
    public bool NeedsFullPass => !Head.ReachedEnd
        && (IsExhausted || _search!.Targets.Any(target => target.GaveUp) || _strangers.Exists(key => !Head.Contains(key)));

    /// <summary>Why changes may have been missed; null when none were.</summary>
    public WatchGapReason? Loss =>
        Head.OrderBroke ? WatchGapReason.OrderChanged
        : Head.IsLost ? WatchGapReason.FrontierLost
        : IsExhausted ? WatchGapReason.RequestsExhausted
        : null;

    /// <summary>Gives up looking here and there because the poll's requests ran out.</summary>
    public void Exhaust() => IsExhausted = IsFullPass = true;

    /// <summary>Begins at the top again, to read everything.</summary>
    public void StartFullPass()
    {
        IsFullPass = true;
        StartOver();
    }

    /// <summary>Begins at the top again.</summary>
    public void StartOver()
    {
        Head = new HeadSlice(Frontier);
        _last = default;
    }

    private WindowSearch StartSearch()
    {
        List<WindowTarget> targets = [];
        foreach ((JobKey key, TrackedJob tracked) in _known.Unfinished)
        {
            if (_sightings.ContainsKey(key))
            {
                continue;
            }

            if (Head.Contains(tracked.Below))
            {
                _absent.Add(key);
            }
            else
            {
                targets.Add(new WindowTarget(key, tracked, _placeBefore(tracked) + Head.Shift));
            }
        }

        return new WindowSearch(targets, Math.Max(PageLength, 2));
    }

    private bool Recognise(FoundJob found)
    {
        if (_known.Find(found.Key) is not { } tracked)
        {
            return false;
        }

        _sightings[found.Key] = new Sighting(tracked, found.Job, found);
        return true;
    }

    private static IEnumerable<FoundJob> Locate(IReadOnlyList<Job> jobs, long place, JobKey before)
    {
        JobKey above = before;
        JobKey key = jobs.Count > 0 ? JobKey.Of(jobs[0]) : default;
        for (int index = 0; index < jobs.Count; index++)
        {
            JobKey below = index + 1 < jobs.Count ? JobKey.Of(jobs[index + 1]) : default;
            yield return new FoundJob(key, jobs[index], place + index, above, below);
            (above, key) = (key, below);
        }
    }
}
