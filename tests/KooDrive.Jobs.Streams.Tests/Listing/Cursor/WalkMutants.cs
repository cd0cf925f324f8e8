using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

/// <summary>Deliberately broken walks, which the stories must detect.</summary>
internal static class WalkMutants
{
    private const int MaxRequests = 200;

    /// <summary>Each page starts at the end of the previous page.</summary>
    public static void PlainPaging(WalkStory story) => story.Run(static (respond, limit) =>
    {
        List<string> yielded = [];
        for (int offset = 0, requests = 0; requests < MaxRequests; requests++)
        {
            Job[] page = respond(new PageRange(offset, limit));
            if (page.Length == 0)
            {
                return (yielded, true);
            }

            yielded.AddRange(page.Select(job => job.TaskId));
            offset += page.Length;
        }

        return (yielded, false);
    });

    /// <summary>Each page overlaps the previous page by a job, and all jobs after the last known job count as new, in any order.</summary>
    public static void AnchorOnly(WalkStory story) => story.Run(static (respond, limit) =>
    {
        List<string> yielded = [];
        long offset = 0;
        for (int requests = 0; requests < MaxRequests; requests++)
        {
            Job[] page = respond(new PageRange(offset, limit));
            int anchor = Array.FindLastIndex(page, job => yielded.Contains(job.TaskId));
            if (anchor < 0 && offset > 0)
            {
                offset = Math.Max(0, offset - limit);
                continue;
            }

            yielded.AddRange(page.Skip(anchor + 1).Select(job => job.TaskId));
            if (page.Length < limit && anchor == page.Length - 1)
            {
                return (yielded, true);
            }

            offset += Math.Max(0, page.Length - 1);
        }

        return (yielded, false);
    });

    /// <summary>Continues by creation time, and takes a page that starts too deep after stepping back by one page: enough for a few deletions.</summary>
    public static List<string> StepBackOnce(Func<PageRange, Job[]> respond, int limit)
    {
        List<string> yielded = [];
        DateTimeOffset last = DateTimeOffset.MaxValue;
        bool hasSteppedBack = false;
        for (long offset = 0; ;)
        {
            Job[] page = respond(new PageRange(offset, limit));
            if ((page.Length == 0 || page[0].CreateTime <= last) && offset > 0 && !hasSteppedBack)
            {
                (offset, hasSteppedBack) = (Math.Max(0, offset - limit), true);
                continue;
            }

            Job[] newJobs = [.. page.Where(job => job.CreateTime < last)];
            if (newJobs.Length == 0)
            {
                return yielded;
            }

            yielded.AddRange(newJobs.Select(job => job.TaskId));
            (last, offset, hasSteppedBack) = (newJobs[^1].CreateTime!.Value, offset + page.Length - 2, false);
        }
    }

    /// <summary>
    /// Keeps four requests in flight at a fixed distance, and yields the jobs that are older than the last job of the previous page, wherever the page starts.
    /// </summary>
    public static void FixedStride(WalkStory story) => story.Run(static (respond, limit) =>
    {
        const int InFlight = 4;
        List<string> yielded = [];
        DateTimeOffset last = DateTimeOffset.MaxValue;
        for (int offset = 0, requests = 0; requests < MaxRequests; requests += InFlight)
        {
            var pages = new Job[InFlight][];
            for (int i = InFlight - 1; i >= 0; i--)
            {
                pages[i] = respond(new PageRange(offset + (i * (limit - 2)), limit));
            }

            foreach (Job[] page in pages)
            {
                Job[] newJobs = [.. page.Where(job => job.CreateTime < last)];
                yielded.AddRange(newJobs.Select(job => job.TaskId));
                last = newJobs.Length > 0 ? newJobs[^1].CreateTime!.Value : last;
            }

            if (pages[^1].Length == 0)
            {
                return (yielded, true);
            }

            offset += InFlight * (limit - 2);
        }

        return (yielded, false);
    });

    /// <summary>Removes the facts that require another count of a large tie group.</summary>
    public static ResumePoint WithoutCount(ResumePoint point) => point with { LargeGroupStart = 1L << 50, HasUnstableTies = false };

    /// <summary>Changes the creation time of each job to a distinct time, in the order of the page.</summary>
    public static Job[] WithDistinctTimes(Job[] page)
    {
        DateTimeOffset last = DateTimeOffset.MaxValue;
        return [.. page.Select(job => job with { CreateTime = last = job.CreateTime >= last ? last.AddTicks(-1) : job.CreateTime!.Value })];
    }

    /// <summary>Hides that a job is newer than the job before it.</summary>
    public static Job[] WithTimesThatNeverIncrease(Job[] page)
    {
        DateTimeOffset last = DateTimeOffset.MaxValue;
        return [.. page.Select(job => job with { CreateTime = last = job.CreateTime > last ? last : job.CreateTime!.Value })];
    }

    public static Job[] WithMissingTimesAsOldest(Job[] page) =>
        [.. page.Select(job => job with { CreateTime = job.CreateTime ?? DateTimeOffset.MinValue }).OrderByDescending(job => job.CreateTime)];
}
