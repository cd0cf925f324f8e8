namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>What a poll reads besides the head of the list. Windows are no part of it: they follow from what was not seen.</summary>
internal sealed record PollPlan
{
    /// <summary>Whether the whole list is read.</summary>
    public bool IsFullPass { get; private init; }

    /// <summary>
    /// The filtered lists to read, in this order. Pending before processing: a job that moves on between the two is then on the second
    /// one, and not on none.
    /// </summary>
    public IReadOnlyList<JobStatus> Filters { get; private init; } = [];

    /// <summary>Whether the filtered lists are read to their end, to find jobs that are not followed.</summary>
    public bool ReadsFiltersWhole { get; private init; }

    /// <summary>The jobs that only the filtered lists or windows can show, because they stand too deep for the head.</summary>
    public IReadOnlyList<JobKey> Deep { get; private init; } = [];

    public static PollPlan Head { get; } = new();

    public static PollPlan FullPass { get; } = new() { IsFullPass = true };

    public static PollPlan WholeFilters { get; } = new() { Filters = [JobStatus.Pending, JobStatus.Processing], ReadsFiltersWhole = true };

    /// <summary>The cheapest way to see the unfinished jobs.</summary>
    /// <param name="unfinished">Those followed, with the place where each ought to be.</param>
    /// <param name="listLength">How many jobs the list holds, about.</param>
    /// <param name="recentJobs">How many of the newest jobs the poll reads again in any case.</param>
    /// <param name="requestsPerPage">How many requests it takes to read a page of these.</param>
    /// <param name="pageLength">How many jobs a page holds.</param>
    /// <param name="maxRequests">The requests that the poll may take. When less than everything takes more, everything is read.</param>
    public static PollPlan Cheapest(
        IEnumerable<(JobKey Key, TrackedJob Tracked, long Place)> unfinished, long listLength, int recentJobs, long requestsPerPage, int pageLength, int maxRequests)
    {
        List<JobKey> listed = [];
        List<long> places = [], otherPlaces = [];
        int pendingJobs = 0, processingJobs = 0;
        bool anyCrowded = false;
        long head = Math.Max(1, Pages(recentJobs, pageLength));
        foreach ((JobKey key, TrackedJob tracked, long place) in unfinished)
        {
            // A filtered list begins with the jobs that the head shows too.
            JobStatus? status = tracked.Job.Status;
            pendingJobs += status is JobStatus.Pending ? 1 : 0;
            processingJobs += status is JobStatus.Processing ? 1 : 0;
            if (place < (head * pageLength) - (pageLength / 8) && !tracked.IsCrowded)
            {
                continue;
            }

            anyCrowded |= tracked.IsCrowded;
            places.Add(place);
            if (status is JobStatus.Pending or JobStatus.Processing)
            {
                listed.Add(key);
            }
            else
            {
                otherPlaces.Add(place);
            }
        }

        if (places.Count == 0)
        {
            return requestsPerPage * head > maxRequests ? FullPass : Head;
        }

        places.Sort();
        otherPlaces.Sort();
        long windows = WindowSearch.Count(places, pageLength);
        long pending = listed.Count == 0 ? 0 : Pages(pendingJobs, pageLength);
        long processing = listed.Count == 0 ? 0 : Pages(processingJobs, pageLength);
        int others = WindowSearch.Count(otherPlaces, pageLength);

        // One window more, for the jobs that have left the filtered lists.
        long filters = pending + processing + others + 1;
        bool takesWindows = pending + processing == 0 || (windows <= filters && !anyCrowded);
        long cost = takesWindows ? windows : filters;
        if (Pages(listLength, pageLength) <= cost || (requestsPerPage * head) + cost > maxRequests)
        {
            return FullPass;
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

    /// <summary>How many pages jobs need; consecutive ones overlap by a job.</summary>
    public static long Pages(long jobs, int pageLength) => Math.Max(0, jobs + pageLength - 2) / Math.Max(1, pageLength - 1);
}
