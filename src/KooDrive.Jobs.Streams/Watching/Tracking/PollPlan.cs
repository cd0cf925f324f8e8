namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>The lists that a poll reads besides the head of the list. Windows are not planned: they depend on the observations.</summary>
internal sealed record PollPlan
{
    /// <summary>Whether the whole list is read.</summary>
    public bool IsFullScan { get; private init; }

    /// <summary>The filtered lists to read, in this order. Pending before processing, so that a job whose status changes in between is in the second list.</summary>
    public IReadOnlyList<JobStatus> Filters { get; private init; } = [];

    /// <summary>Whether the filtered lists are read to their end, to find untracked jobs.</summary>
    public bool ReadsFiltersWhole { get; private init; }

    /// <summary>
    /// Whether the plan tries fewer requests than an expected full scan. If a full scan is then necessary, it does not indicate missed changes.
    /// </summary>
    public bool IsTrial { get; init; }

    /// <summary>The limit of the first request, if a page of this size is expected to contain the head; 0 to read the head in pages of the maximum size.</summary>
    public int TopLimit { get; init; }

    /// <summary>The jobs after the head, which only the filtered lists or windows contain.</summary>
    public IReadOnlyList<JobKey> Deep { get; private init; } = [];

    public static PollPlan Head { get; } = new();

    public static PollPlan FullScan { get; } = new() { IsFullScan = true };

    public static PollPlan WholeFilters { get; } = new() { Filters = [JobStatus.Pending, JobStatus.Processing], ReadsFiltersWhole = true };

    /// <summary>Returns the plan with the fewest requests that observes the unfinished jobs.</summary>
    /// <param name="unfinished">The tracked jobs with their estimated positions.</param>
    /// <param name="listLength">The estimated number of jobs on the list.</param>
    /// <param name="recentJobs">The number of newest jobs that the poll always reads again.</param>
    /// <param name="recentRequests">The number of requests that these jobs need if their order changes; else 0.</param>
    /// <param name="pageLength">The number of jobs on a page.</param>
    /// <param name="maxRequests">The maximum number of requests. A plan that exceeds it becomes a full scan.</param>
    public static PollPlan Cheapest(
        IEnumerable<(JobKey Key, TrackedJob Tracked, long Position)> unfinished, long listLength, int recentJobs, long recentRequests, int pageLength, int maxRequests)
    {
        List<JobKey> listed = [];
        List<long> positions = [], otherPositions = [];
        int pendingJobs = 0, processingJobs = 0;
        bool anyCrowded = false;
        long head = Math.Max(1, Pages(recentJobs, pageLength));
        long headRequests = Math.Max(head, recentRequests);
        foreach ((JobKey key, TrackedJob tracked, long position) in unfinished)
        {
            // A filtered list starts with the jobs that the head contains too.
            JobStatus? status = tracked.Job.Status;
            pendingJobs += status is JobStatus.Pending ? 1 : 0;
            processingJobs += status is JobStatus.Processing ? 1 : 0;
            if (IsNear(position, head, pageLength) && !tracked.IsCrowded)
            {
                continue;
            }

            anyCrowded |= tracked.IsCrowded;
            positions.Add(position);
            if (status is JobStatus.Pending or JobStatus.Processing)
            {
                listed.Add(key);
            }
            else
            {
                otherPositions.Add(position);
            }
        }

        if (positions.Count == 0)
        {
            return headRequests > maxRequests ? FullScan : Head;
        }

        positions.Sort();
        otherPositions.Sort();
        long windows = WindowSearch.Count(positions, pageLength);
        long pending = listed.Count == 0 ? 0 : Pages(pendingJobs, pageLength);
        long processing = listed.Count == 0 ? 0 : Pages(processingJobs, pageLength);
        int others = WindowSearch.Count(otherPositions, pageLength);

        // One more window, for the jobs that are no longer in the filtered lists.
        long filters = pending + processing + others + 1;
        bool takesWindows = pending + processing == 0 || (windows <= filters && !anyCrowded);
        long cost = takesWindows ? windows : filters;
        if (Pages(listLength, pageLength) <= cost || headRequests + cost > maxRequests)
        {
            return FullScan;
        }

        if (takesWindows)
        {
            return Head;
        }

        return new PollPlan
        {
            Filters = pending > 0 ? WholeFilters.Filters : [JobStatus.Processing],
            Deep = listed,
        };
    }

    /// <summary>Whether a job is expected on the pages of the head.</summary>
    /// <param name="position">The estimated position of the job.</param>
    /// <param name="headPages">The number of pages of the head.</param>
    /// <param name="pageLength">The number of jobs on a page.</param>
    public static bool IsNear(long position, long headPages, int pageLength) => position < (headPages * pageLength) - (pageLength / 8);

    /// <summary>Returns the number of pages for a number of jobs; consecutive pages overlap by a job.</summary>
    public static long Pages(long jobs, int pageLength) => Math.Max(0, jobs + pageLength - 2) / Math.Max(1, pageLength - 1);
}
