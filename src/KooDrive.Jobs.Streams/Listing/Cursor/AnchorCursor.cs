namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// A position in a list by the ids of the jobs yielded last, for jobs whose order does not follow from their creation times: in lists that
/// are not sorted by creation time, and in tie groups that are larger than a page. The relative order of these jobs must stay the same.
/// </summary>
/// <remarks>
/// Each page overlaps the page before it. The <em>anchor</em> is the last remembered job on a page: the jobs after the anchor are new; the jobs
/// before it were yielded, or were inserted meanwhile.
/// </remarks>
internal sealed class AnchorCursor(RememberedJobs remembered)
{
    /// <summary>The maximum number of ids that are kept when a walk starts from the top of the list again.</summary>
    public const int MaxUnorderedCount = RememberedJobs.LargeCapacity;

    // Jobs that were yielded and are listed at an unknown position: the walk started from the top again, or they were inserted meanwhile.
    private readonly HashSet<string> _unordered = new(TaskIdComparer.Instance);

    /// <summary>The ids of yielded jobs whose position is not known.</summary>
    public IReadOnlyCollection<string> Unordered => _unordered;

    /// <summary>Whether the next connected page may start anywhere, because the walk starts from the top again.</summary>
    public bool StartsAgain { get; private set; }

    public void Restore(IEnumerable<string> unordered) => _unordered.UnionWith(unordered);

    /// <summary>Starts from the top of the list again, and skips yielded jobs at any position.</summary>
    /// <returns>False when too many jobs were yielded to remember all of them.</returns>
    public bool TryStartAgain()
    {
        if (remembered.HasEvicted || remembered.Count + _unordered.Count > MaxUnorderedCount)
        {
            return false;
        }

        remembered.MoveTo(_unordered);
        return StartsAgain = true;
    }

    /// <summary>Locates a page by the ids of its first jobs.</summary>
    /// <param name="page">A page with jobs.</param>
    /// <param name="count">The number of its first jobs whose order does not follow from their times; the other jobs are older.</param>
    /// <param name="mayBeOutOfDate">Whether the page may have been produced before the page before it.</param>
    public PagePosition Locate(WalkPage page, int count, bool mayBeOutOfDate)
    {
        if (FindAnchor(page, count) is not { } anchor)
        {
            return PagePosition.OrderBroken;
        }

        if (anchor < 0)
        {
            return StartsAgain ? PagePosition.Connected : PagePosition.TooDeep;
        }

        bool hasNew = anchor + 1 < page.Count;
        return hasNew && mayBeOutOfDate && page.Jobs[anchor].TaskId != remembered.Last ? PagePosition.OutOfDate
            : !hasNew && page.IsShort ? PagePosition.AtEnd
            : PagePosition.Connected;
    }

    /// <summary>Whether a job that was not yielded precedes the anchor.</summary>
    /// <param name="page">A page with jobs.</param>
    /// <param name="count">The number of its first jobs whose order does not follow from their times.</param>
    /// <param name="isEvicted">Whether jobs that precede all remembered jobs were yielded too.</param>
    public bool HasNewBeforeAnchor(WalkPage page, int count, bool isEvicted)
    {
        int anchor = FindAnchor(page, count) ?? -1;
        int first = isEvicted && anchor > 0 ? Array.FindIndex(page.Jobs, HasYielded) : 0;
        return anchor > first && Array.Exists(page.Jobs[first..anchor], job => !HasYielded(job));
    }

    /// <summary>
    /// Whether remembered jobs are missing where a page shows the ones around them: they were removed, or the order of the jobs changed.
    /// </summary>
    /// <param name="page">A page with jobs.</param>
    /// <param name="count">How many of its first jobs have no order but the server's.</param>
    public bool LacksRemembered(WalkPage page, int count)
    {
        long? next = null;
        for (int i = 0; i < count; i++)
        {
            long after = remembered.CountAfter(page.Jobs[i].TaskId) ?? -1;
            if (next is { } expected && after != expected)
            {
                return true;
            }

            next = after >= 0 ? after - 1 : next;
        }

        return next >= 0 && (count < page.Count || page.IsShort);
    }

    /// <summary>Takes the jobs of a connected page that were not yielded, and remembers them.</summary>
    /// <param name="page">The page.</param>
    /// <param name="max">The maximum number of jobs to take.</param>
    public ArraySegment<Job> Take(WalkPage page, long max)
    {
        int start = (FindAnchor(page, page.Count) ?? -1) + 1;
        StartsAgain = false;
        if (start > 0 && start < page.Count)
        {
            // Remembered jobs after the anchor were removed, or were moved further down by insertions.
            remembered.MoveAfter(page.Jobs[start - 1].TaskId, _unordered);
        }

        List<Job> early = TakeEarly(page, start, max);
        if (_unordered.Count > early.Count || early.Count > 0)
        {
            return TakeOneByOne(page, start, early, max);
        }

        var jobs = new ArraySegment<Job>(page.Jobs, start, (int)Math.Min(page.Count - start, max));
        foreach (Job job in jobs)
        {
            remembered.Append(job.TaskId, time: 0);
        }

        remembered.Trim();
        return jobs;
    }

    /// <summary>The jobs of a page that follow the anchor.</summary>
    public ArraySegment<Job> SelectAfterAnchor(WalkPage page) => new ArraySegment<Job>(page.Jobs)[((FindAnchor(page, page.Count) ?? -1) + 1)..];

    /// <summary>The offset of the job yielded last, if nothing changed after the anchor of a page.</summary>
    public long EstimateLast(WalkPage page) =>
        FindAnchor(page, page.Count) is { } anchor and >= 0 && remembered.CountAfter(page.Jobs[anchor].TaskId) is { } after
            ? page.Offset + anchor + after
            : page.End - 1;

    private bool HasYielded(Job job) => remembered.Contains(job.TaskId) || _unordered.Contains(job.TaskId);

    // While every yielded job is remembered, the other jobs before the anchor were inserted meanwhile, so they may be yielded or skipped.
    private List<Job> TakeEarly(WalkPage page, int start, long max)
    {
        List<Job> early = [];
        for (int i = 0; !remembered.HasEvicted && i < start && early.Count < max; i++)
        {
            if (_unordered.Count + early.Count < MaxUnorderedCount && !HasYielded(page.Jobs[i]))
            {
                early.Add(page.Jobs[i]);
            }
        }

        _unordered.UnionWith(early.Select(job => job.TaskId));
        return early;
    }

    private ArraySegment<Job> TakeOneByOne(WalkPage page, int start, List<Job> jobs, long max)
    {
        for (int i = start; i < page.Count && jobs.Count < max; i++)
        {
            Job job = page.Jobs[i];
            if (!_unordered.Remove(job.TaskId))
            {
                jobs.Add(job);
            }

            remembered.Append(job.TaskId, time: 0);
        }

        remembered.Trim();
        return jobs.ToArray();
    }

    // The index of the anchor; -1 when there is none; null when the relative order of the remembered jobs changed.
    private int? FindAnchor(WalkPage page, int count)
    {
        int anchor = -1;
        long lastAfter = long.MaxValue;
        for (int i = 0; i < count; i++)
        {
            if (remembered.CountAfter(page.Jobs[i].TaskId) is { } after)
            {
                if (after > lastAfter)
                {
                    return null;
                }

                (anchor, lastAfter) = (i, after);
            }
        }

        return anchor;
    }
}
