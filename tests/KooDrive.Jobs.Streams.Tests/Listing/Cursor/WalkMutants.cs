using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

/// <summary>Walks that are broken on purpose, to show that the stories find them out.</summary>
internal static class WalkMutants
{
    private const int MaxRequests = 200;

    /// <summary>Each page starts where the last one ended.</summary>
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

    /// <summary>Each page overlaps by a job, and whatever follows the last known job is taken for new, in whatever order jobs are.</summary>
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

    /// <summary>Keeps four requests in flight at a fixed distance, and takes what is older than the last job of the page before, wherever the page starts.</summary>
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

    /// <summary>Gives no reason to count a large tie group again.</summary>
    public static ResumePoint WithoutCount(ResumePoint point) => point with { LargeGroupStart = 1L << 50, HasUnstableTies = false };

    /// <summary>Gives each job a time of its own, in the order of the page.</summary>
    public static Job[] WithDistinctTimes(Job[] page)
    {
        DateTimeOffset last = DateTimeOffset.MaxValue;
        return [.. page.Select(job => job with { CreateTime = last = job.CreateTime >= last ? last.AddTicks(-1) : job.CreateTime!.Value })];
    }

    /// <summary>Hides that a job is newer than the one before.</summary>
    public static Job[] WithTimesThatNeverIncrease(Job[] page)
    {
        DateTimeOffset last = DateTimeOffset.MaxValue;
        return [.. page.Select(job => job with { CreateTime = last = job.CreateTime > last ? last : job.CreateTime!.Value })];
    }

    public static Job[] WithMissingTimesAsOldest(Job[] page) =>
        [.. page.Select(job => job with { CreateTime = job.CreateTime ?? DateTimeOffset.MinValue }).OrderByDescending(job => job.CreateTime)];
}
