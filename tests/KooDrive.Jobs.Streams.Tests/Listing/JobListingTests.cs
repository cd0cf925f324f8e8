using System.Globalization;

namespace KooDrive.Jobs.Streams.Tests.Listing;

public class JobListingTests
{
    private static readonly JobListingOptions SmallPages = new() { PageSize = 10 };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListJobs_sends_no_request_before_it_is_enumerated()
    {
        var server = new FakeJobServer(50);
        JobListing listing = server.List(SmallPages);
        IAsyncEnumerable<JobPage> pages = listing.AsPages();
        Assert.Empty(server.Offsets);

        await using (IAsyncEnumerator<Job> jobs = listing.GetAsyncEnumerator(TestEnd))
        {
            Assert.Empty(server.Offsets);
            for (int i = 0; i < 10; i++)
            {
                Assert.True(await jobs.MoveNextAsync());
            }
        }

        Assert.Equal([0], server.Offsets);
        Assert.Equal(50, await pages.SelectMany(page => page.Jobs.ToAsyncEnumerable()).CountAsync(TestEnd));
        Assert.Equal(50, await listing.CountAsync(TestEnd));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task PagesInFlight_limits_the_requests_in_flight_and_keeps_the_order(int pagesInFlight)
    {
        var server = new FakeJobServer(500)
        {
            Before = static async (offset, _) =>
            {
                for (long i = offset % 5; i >= 0; i--)
                {
                    await Task.Yield();
                }
            },
        };

        string[] yielded = await server.List(new() { PageSize = 10, PagesInFlight = pagesInFlight }).Select(job => job.TaskId).ToArrayAsync(TestEnd);

        Assert.Equal(server.TaskIds, yielded);
        Assert.Equal(pagesInFlight, server.MaxInFlight);
        Assert.Equal(0, server.InFlight);
    }

    [Fact]
    public async Task MoveNextAsync_completes_synchronously_within_a_page()
    {
        var server = new FakeJobServer(10);
        await using IAsyncEnumerator<Job> jobs = server.List(SmallPages).GetAsyncEnumerator(TestEnd);

        for (int i = 0; i < 10; i++)
        {
            ValueTask<bool> moved = jobs.MoveNextAsync();
            Assert.True(moved.IsCompletedSuccessfully);
            Assert.True(await moved);
        }

        Assert.Equal([0], server.Offsets);
    }

    [Fact]
    public async Task AsPages_resumes_from_the_resume_point_of_each_page()
    {
        var server = new FakeJobServer(95);
        JobListing listing = server.List(new() { PageSize = 10, PagesInFlight = 3 });
        List<string> before = [];
        await foreach (JobPage page in listing.AsPages().WithCancellation(TestEnd))
        {
            Assert.Equal($"request {page.Offset}", page.RequestId);
            Assert.Equal($"trace {page.Offset}", page.TraceId);
            before.AddRange(page.Jobs.Select(job => job.TaskId));
            List<string> rest = await listing.AsPages(page.ResumePoint).SelectMany(next => next.Jobs.ToAsyncEnumerable()).Select(job => job.TaskId).ToListAsync(TestEnd);

            Assert.Equal(server.TaskIds, before.Concat(rest));
        }

        Assert.Equal(95, before.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(36)]
    public async Task AsPages_resumes_from_the_resume_point_of_each_failure(long failingOffset)
    {
        var server = new FakeJobServer(95);
        JobListing listing = server.List(SmallPages);
        server.Before = (offset, _) => offset == failingOffset
            ? throw new JobsServerException("down") { Offset = offset }
            : Task.CompletedTask;
        List<string> yielded = [];
        JobsServerException failure = await Assert.ThrowsAsync<JobsServerException>(async () =>
        {
            await foreach (Job job in listing.WithCancellation(TestEnd))
            {
                yielded.Add(job.TaskId);
            }
        });

        server.Before = static (_, _) => Task.CompletedTask;
        await foreach (JobPage page in listing.AsPages(failure.ResumePoint).WithCancellation(TestEnd))
        {
            yielded.AddRange(page.Jobs.Select(job => job.TaskId));
        }

        Assert.Equal(server.TaskIds, yielded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AsPages_repeats_nothing_when_a_walk_resumes_that_had_to_restart(bool resumes)
    {
        var list = new ShrinkingList();
        var yielded = new List<string>();
        string? resumePoint = null;
        Exception? failure = await Record.ExceptionAsync(() => WalkAsync(until: () => resumes && list.IsCalm && yielded.Count > 350));
        if (resumes)
        {
            Assert.Null(failure);
            failure = await Record.ExceptionAsync(() => WalkAsync(until: () => false));
        }

        // The walk throws, because its position is unknown. It must not repeat a job.
        Assert.True(list.IsCalm);
        Assert.Equal(yielded.Count, yielded.Distinct().Count());
        Assert.True(failure is null or JobListingException { Reason: JobListingFailure.PositionLost }, $"{failure}");

        async Task WalkAsync(Func<bool> until)
        {
            await foreach (JobPage page in list.ListJobs(null, SmallPages).AsPages(resumePoint))
            {
                yielded.AddRange(page.Jobs.Select(job => job.TaskId));
                list.LosesNewestJobs |= yielded.Count >= 50;
                resumePoint = page.ResumePoint;
                if (until())
                {
                    break;
                }
            }
        }
    }

    [Fact]
    public async Task AsPages_rejects_the_resume_point_of_another_query()
    {
        var server = new FakeJobServer(30);
        JobPage page = await server.List(SmallPages).AsPages().FirstAsync(TestEnd);
        JobListing deletions = server.List(SmallPages, new JobQuery { Type = JobType.BatchDeletion });

        Assert.Contains("another type or status", Assert.Throws<ArgumentException>("resumePoint", () => deletions.AsPages(page.ResumePoint)).Message, StringComparison.Ordinal);
        Assert.Contains("not a resume point", Assert.Throws<ArgumentException>("resumePoint", () => deletions.AsPages("what?")).Message, StringComparison.Ordinal);
        Assert.Equal([0], server.Offsets);
    }

    [Fact]
    public async Task ListJobs_ends_every_request_in_flight_when_canceled()
    {
        var server = new FakeJobServer(500);
        server.Before = (offset, token) => offset == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        using var cancellation = new CancellationTokenSource();
        await using IAsyncEnumerator<Job> jobs = server.List(new() { PageSize = 10, PagesInFlight = 4 }).GetAsyncEnumerator(cancellation.Token);
        for (int i = 0; i < 10; i++)
        {
            await jobs.MoveNextAsync();
        }

        ValueTask<bool> next = jobs.MoveNextAsync();
        Assert.Equal(4, server.InFlight);
        await cancellation.CancelAsync();

        OperationCanceledException failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        Assert.Equal(cancellation.Token, failure.CancellationToken);
        await jobs.DisposeAsync();
        Assert.Equal(0, server.InFlight);
        Assert.Equal(4, server.CanceledCount);
        Assert.False(await jobs.MoveNextAsync());
    }

    [Fact]
    public async Task ListJobs_ends_every_request_in_flight_when_the_loop_ends_early()
    {
        var server = new FakeJobServer(500);
        var secondPage = new TaskCompletionSource();
        server.Before = (offset, token) => offset switch
        {
            0 => Task.CompletedTask,
            9 => secondPage.Task,
            _ => Task.Delay(Timeout.Infinite, token),
        };
        IAsyncEnumerator<Job> jobs = server.List(new() { PageSize = 10, PagesInFlight = 4 }).GetAsyncEnumerator(TestEnd);
        for (int i = 0; i < 10; i++)
        {
            await jobs.MoveNextAsync();
        }

        ValueTask<bool> next = jobs.MoveNextAsync();
        secondPage.SetResult();
        Assert.True(await next);
        await jobs.DisposeAsync();

        Assert.Equal(0, server.InFlight);
        Assert.Equal(3, server.CanceledCount);
    }

    [Fact]
    public async Task Enumeration_ends_after_an_exception_without_another_request()
    {
        var server = new FakeJobServer(50) { Before = (offset, _) => offset == 0 ? Task.CompletedTask : throw new InvalidOperationException("broken") };
        await using IAsyncEnumerator<JobPage> pages = server.List(SmallPages).AsPages().GetAsyncEnumerator(TestEnd);
        Assert.True(await pages.MoveNextAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pages.MoveNextAsync());
        await using IAsyncEnumerator<Job> jobs = server.List(SmallPages).GetAsyncEnumerator(TestEnd);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(await jobs.MoveNextAsync());
        }

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await jobs.MoveNextAsync());
        int requests = server.Offsets.Count;

        Assert.False(await pages.MoveNextAsync());
        Assert.False(await jobs.MoveNextAsync());
        Assert.Equal(requests, server.Offsets.Count);
    }

    [Theory]
    [InlineData(null, null, "All jobs")]
    [InlineData(JobType.BatchDeletion, null, "Jobs of type BatchDeletion")]
    [InlineData(null, JobStatus.Completed, "Jobs with status Completed")]
    [InlineData(JobType.BatchDeletion, JobStatus.Completed, "Jobs of type BatchDeletion with status Completed")]
    public void ToString_names_the_filters(JobType? type, JobStatus? status, string text) =>
        Assert.Equal(text, new FakeJobServer(1).List(query: new JobQuery { Type = type, Status = status }).ToString());

    [Fact]
    public async Task DisposeAsync_lets_requests_beyond_the_end_complete()
    {
        var server = new FakeJobServer(20);
        var pastTheEnd = new TaskCompletionSource();
        server.Before = (offset, token) => offset > 20 ? pastTheEnd.Task.WaitAsync(token) : Task.CompletedTask;
        IAsyncEnumerator<Job> jobs = server.List(new() { PageSize = 10, PagesInFlight = 8 }).GetAsyncEnumerator(TestEnd);
        while (await jobs.MoveNextAsync())
        {
        }

        ValueTask disposal = jobs.DisposeAsync();
        Assert.False(disposal.IsCompleted);
        pastTheEnd.SetResult();
        await disposal;

        Assert.Equal(0, server.CanceledCount);
        Assert.Equal(0, server.InFlight);
    }

    [Fact]
    public async Task ListJobs_reports_progress_after_each_page()
    {
        var reported = new List<JobListingProgress>();
        var server = new FakeJobServer(25);

        await server.List(SmallPages, progress: new Recorder(reported)).CountAsync(TestEnd);

        Assert.Equal([(1, 10, 1), (2, 19, 2), (3, 25, 3), (4, 25, 4)], reported.Select(progress => (progress.PageCount, progress.JobCount, progress.RequestCount)));
        Assert.All(reported, progress => Assert.Equal(0, progress.ShiftCount));
    }

    private sealed class Recorder(List<JobListingProgress> reported) : IProgress<JobListingProgress>
    {
        public void Report(JobListingProgress value) => reported.Add(value);
    }

    /// <summary>
    /// One job stays on the list. All others are removed in the middle of the walk, and each page near the top then has new jobs; afterwards the list is stable
    /// again, and the job that stayed is deeper than before.
    /// </summary>
    private sealed class ShrinkingList : JobsClient
    {
        private static readonly string[] First = [.. Numbers(9_000, 49), "1", .. Numbers(5_000, 50)];
        private static readonly string[] Last = [.. Numbers(20_000, 700), "1", .. Numbers(1_000, 30)];
        private int _fresh = 100_000;
        private int _firstPageCount;

        public bool LosesNewestJobs { get; set; }

        public bool IsCalm { get; private set; }

        public override Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default)
        {
            IsCalm |= LosesNewestJobs && offset == 0 && _firstPageCount++ > 1;
            IEnumerable<string> now = IsCalm ? Last
                : !LosesNewestJobs ? First
                : [.. Numbers(_fresh += 100, offset < 40 ? 60 : 0), "1"];
            return Task.FromResult(new JobPage
            {
                Jobs = [.. now.Skip((int)offset).Take(limit).Select(taskId => new Job { TaskId = taskId })],
                Offset = offset,
                Limit = limit,
            });
        }

        private static IEnumerable<string> Numbers(int from, int count) =>
            Enumerable.Range(0, count).Select(i => (from - i).ToString(CultureInfo.InvariantCulture));
    }
}
