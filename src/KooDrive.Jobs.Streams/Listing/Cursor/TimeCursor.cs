namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// A position in a list that is sorted by creation time, newest first: the creation time of the job yielded last, and how many jobs with
/// that time were yielded. Jobs with equal times, a tie group, may be listed in any order, which may differ for each request.
/// </summary>
/// <remarks>
/// A page is connected if it starts strictly before the last tie group. Everything newer was yielded already, and the page holds the group
/// from its first member on, regardless of the order within the group and of insertions and removals since the last request.
/// </remarks>
internal sealed class TimeCursor(RememberedJobs remembered)
{
    /// <summary>The creation time of the job yielded last, in ticks.</summary>
    public long Time { get; private set; }

    /// <summary>How many jobs of the last tie group were yielded.</summary>
    public int GroupCount { get; private set; }

    /// <summary>Whether jobs of the last tie group are no longer remembered.</summary>
    public bool IsGroupEvicted { get; private set; }

    /// <summary>
    /// Whether jobs of the last tie group were yielded in another order than the server's, because the order changed or because jobs were inserted before
    /// them. The ids yielded last do not identify a position in such a group: all of its ids are needed.
    /// </summary>
    public bool IsGroupUnordered { get; private set; }

    /// <summary>The id of the job with which the next page starts on a list that does not change.</summary>
    public string? ExpectedFirst { get; set; }

    public void Restore(long time, int groupCount, bool isGroupEvicted, bool isGroupUnordered) =>
        (Time, GroupCount, IsGroupEvicted, IsGroupUnordered) = (time, groupCount, isGroupEvicted, isGroupUnordered);

    /// <summary>Whether a job of the last tie group was yielded.</summary>
    public bool HasYielded(Job job) => remembered.IsAmongLast(job.TaskId, Math.Min(GroupCount, remembered.Count));

    /// <summary>Locates a page by time.</summary>
    /// <param name="page">A page with jobs.</param>
    /// <param name="newer">How many jobs of the page are newer than the last tie group.</param>
    public static PagePosition Locate(WalkPage page, int newer) => newer switch
    {
        0 => page.Offset == 0 ? PagePosition.Connected : PagePosition.TooDeep,
        _ when newer < page.Count => PagePosition.Connected,
        _ when page.IsShort => PagePosition.AtEndOfNewer,
        _ => PagePosition.NotDeepEnough,
    };

    /// <summary>Whether a job that is older than the position was yielded, which contradicts the order by creation time.</summary>
    public bool HasYieldedOlder(WalkPage page)
    {
        for (int i = page.FirstNotNewerThan(Time - 1); i < page.Count; i++)
        {
            if (remembered.Contains(page.Jobs[i].TaskId, page.TimeAt(i)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a job of a page is remembered.</summary>
    public bool RemembersAnyOf(WalkPage page) => Array.Exists(page.Jobs, job => remembered.Contains(job.TaskId));

    /// <summary>Whether a page starts where the last one let expect, so that nothing between them is unknown.</summary>
    public bool IsAsExpected(WalkPage page) => page.Jobs[0].TaskId == ExpectedFirst;

    /// <summary>
    /// Whether the newer jobs with which a page starts are ones that the walk read, as far as it remembers. If they are not, although they are
    /// as old as jobs that it remembers, times step back somewhere in the list, or jobs were inserted there.
    /// </summary>
    public bool Recognizes(WalkPage page, int newer)
    {
        if (newer == 0 || page.Offset == 0)
        {
            return true;
        }

        bool areNewerThanRemembered = true;
        for (int i = 0; i < newer; i++)
        {
            if (remembered.Contains(page.Jobs[i].TaskId))
            {
                return true;
            }

            areNewerThanRemembered &= page.TimeAt(i) >= remembered.OldestListedTime;
        }

        return areNewerThanRemembered;
    }

    /// <summary>The jobs of the last tie group on a page that were not yielded, wherever they are listed in the group.</summary>
    /// <param name="page">The page.</param>
    /// <param name="start">The index of the first job of the group.</param>
    /// <param name="end">The index after its last job.</param>
    public Job[] SelectMembers(WalkPage page, int start, int end)
    {
        Job[] members = [.. page.Jobs[start..end].Where(job => !HasYielded(job))];
        IsGroupUnordered |= members.Length > 0;
        return members;
    }

    /// <summary>
    /// The jobs of a page that are newer than the last tie group and were not yielded: they were inserted meanwhile, or times step back so that they look
    /// newer than jobs before them. Jobs that are as new as the first remembered one may have been yielded.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="newer">How many jobs of the page are newer than the last tie group.</param>
    public Job[] SelectLate(WalkPage page, int newer)
    {
        // The first job of a page at the expected position is the remembered overlap, so it does not count as late.
        return newer - (IsAsExpected(page) ? 1 : 0) <= 0 || IsGroupEvicted ? []
            : [.. page.Jobs[..newer].Where(job => job.Create.UtcTicks!.Value < remembered.OldestListedTime && !remembered.Contains(job.TaskId))];
    }

    /// <summary>Remembers jobs that are yielded now although they are newer than the last tie group.</summary>
    public void AdvanceLate(ReadOnlySpan<Job> jobs)
    {
        foreach (Job job in jobs)
        {
            remembered.Insert(job.TaskId, job.Create.UtcTicks!.Value);
        }
    }

    /// <summary>The jobs of a connected page that were not yielded.</summary>
    /// <param name="page">The page.</param>
    /// <param name="newer">How many jobs of the page are newer than the last tie group.</param>
    public ArraySegment<Job> SelectNew(WalkPage page, int newer)
    {
        int older = page.FirstNotNewerThan(Time - 1);
        int firstNew = newer;
        while (firstNew < older && HasYielded(page.Jobs[firstNew]))
        {
            firstNew++;
        }

        IsGroupUnordered |= firstNew == newer && firstNew < older;
        int endOfNew = firstNew;
        while (endOfNew < older && !HasYielded(page.Jobs[endOfNew]))
        {
            endOfNew++;
        }

        // Nearly always the new jobs are one run, the rest of the page.
        IsGroupUnordered |= endOfNew < older;
        return endOfNew == older
            ? new ArraySegment<Job>(page.Jobs, firstNew, page.Count - firstNew)
            : SelectNotYielded(page.Jobs, newer, older);
    }

    // Not in the method above, because its closure would be created for each page.
    private Job[] SelectNotYielded(Job[] jobs, int newer, int older) =>
        [.. jobs.Where((job, index) => index >= older || (index >= newer && !HasYielded(job)))];

    /// <summary>Remembers the jobs that are yielded now.</summary>
    public void Advance(ReadOnlySpan<Job> jobs)
    {
        foreach (Job job in jobs)
        {
            long time = job.Create.UtcTicks!.Value;
            if (time != Time || GroupCount == 0)
            {
                (Time, GroupCount, IsGroupEvicted, IsGroupUnordered) = (time, 0, false, false);
            }

            GroupCount++;
            remembered.Append(job.TaskId, time);
        }

        remembered.Trim();
        IsGroupEvicted |= GroupCount > remembered.Count;
    }
}
