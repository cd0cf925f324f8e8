using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing;

public sealed class FromPagesTests
{
    [Fact]
    public async Task FromPages_yields_the_jobs_of_its_pages_in_each_enumeration()
    {
        int read = 0;
        var listing = JobListing.FromPages(Source());

        Assert.Equal(0, read);
        Assert.Equal(["3", "2", "1"], await TaskIdsAsync(listing));
        Assert.Equal(["3", "2", "1"], await TaskIdsAsync(listing));
        Assert.Equal(2, read);

        IEnumerable<JobPage> Source()
        {
            read++;
            yield return Page("3", "2");
            yield return Page();
            yield return Page("1");
        }
    }

    [Fact]
    public async Task FromPages_resumes_after_the_page_of_a_resume_point()
    {
        var listing = JobListing.FromPages(Page("3", "2"), Page("1"), new JobPage { Jobs = [Job("0")], ResumePoint = "end" });
        List<JobPage> pages = await listing.AsPages().ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal("end", pages[2].ResumePoint);
        Assert.Equal(
            [(1, false), (2, true)],
            pages[..2].Select(page => ResumePointFormat.Read(page.ResumePoint!)).Select(point => (point.Offset, point.HasEvicted)));
        Assert.Equal(3, pages.Select(page => page.ResumePoint).Distinct().Count());
        Assert.Equal([pages[1].ResumePoint, "end"], await listing.AsPages(pages[0].ResumePoint).Select(page => page.ResumePoint).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await listing.AsPages("end").ToListAsync(TestContext.Current.CancellationToken));
        ArgumentException failure = await Assert.ThrowsAsync<ArgumentException>(async () => await listing.AsPages("elsewhere").ToListAsync(TestContext.Current.CancellationToken));
        Assert.Contains("does not belong to any of the pages", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromPages_keeps_the_resume_points_of_its_pages()
    {
        var page = new JobPage { Jobs = [Job("0")], ResumePoint = "own" };
        var listing = JobListing.FromPages(Source());

        JobsServerException failure = await Assert.ThrowsAsync<JobsServerException>(async () => Assert.Same(page, await listing.AsPages().LastAsync(TestContext.Current.CancellationToken)));

        Assert.Equal("elsewhere", failure.ResumePoint);
        Assert.Same(page, await listing.AsPages().FirstAsync(TestContext.Current.CancellationToken));

        IEnumerable<JobPage> Source()
        {
            yield return page;
            throw new JobsServerException("down") { ResumePoint = "elsewhere" };
        }
    }

    [Fact]
    public async Task FromPages_failure_has_the_resume_point_of_the_page_before()
    {
        JobsServerException failure = await Assert.ThrowsAsync<JobsServerException>(async () => await TaskIdsAsync(JobListing.FromPages(Source())));

        Assert.Equal("own", failure.ResumePoint);

        static IEnumerable<JobPage> Source()
        {
            yield return new JobPage { Jobs = [Job("0")], ResumePoint = "own" };
            throw new JobsServerException("down");
        }
    }

    [Fact]
    public void FromPages_rejects_null() => Assert.Throws<ArgumentNullException>(() => JobListing.FromPages(null!));

    [Fact]
    public async Task FromPages_failure_has_a_resume_point_after_the_last_page()
    {
        bool isDown = true;
        var listing = JobListing.FromPages(Source());
        List<string> seen = [];

        JobsServerException failure = await Assert.ThrowsAsync<JobsServerException>(async () =>
        {
            await foreach (Job job in listing)
            {
                seen.Add(job.TaskId);
            }
        });
        isDown = false;
        await foreach (JobPage page in listing.AsPages(failure.ResumePoint))
        {
            seen.AddRange(page.Jobs.Select(job => job.TaskId));
        }

        Assert.Equal(["2", "1"], seen);

        IEnumerable<JobPage> Source()
        {
            yield return Page("2");
            if (isDown)
            {
                throw new JobsServerException("down");
            }

            yield return Page("1");
        }
    }

    [Fact]
    public async Task FromPages_resumes_at_the_start_when_the_first_page_fails()
    {
        bool isDown = true;
        var listing = JobListing.FromPages(Source());
        JobsServerException failure = await Assert.ThrowsAsync<JobsServerException>(async () => await TaskIdsAsync(listing));
        isDown = false;

        JobPage page = await listing.AsPages(failure.ResumePoint).SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1", page.Jobs.Single().TaskId);

        IEnumerable<JobPage> Source()
        {
            if (isDown)
            {
                throw new JobsServerException("down");
            }

            yield return Page("1");
        }
    }

    [Fact]
    public async Task FromPages_stops_when_it_is_canceled()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await JobListing.FromPages(Page("1")).ToListAsync(source.Token));
    }

    private static ValueTask<List<string>> TaskIdsAsync(JobListing listing) =>
        listing.Select(job => job.TaskId).ToListAsync(TestContext.Current.CancellationToken);

    private static JobPage Page(params string[] taskIds) => new() { Jobs = [.. taskIds.Select(Job)] };

    private static Job Job(string taskId) => new() { TaskId = taskId };
}
