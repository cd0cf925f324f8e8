using System.Globalization;

namespace KooDrive.Jobs.Streams.Tests.Listing.Anchoring;

public class AnchoredWalkTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(199)]
    [InlineData(200)]
    [InlineData(1234)]
    public void L3_A_still_list_costs_no_more_requests_than_overlapping_pages_need(int jobs)
    {
        for (int limit = 2; limit <= 100; limit = (limit * 3 / 2) + 1)
        {
            var server = new StillServer(jobs);
            var walk = server.Walk(new() { PageSize = limit });

            Assert.Equal(server.TaskIds, walk.Yielded);
            Assert.InRange(walk.Requests, 1, Math.Ceiling(jobs / (limit - 1.0)) + 1);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void L3_Pages_in_flight_cost_at_most_one_request_each_beyond_the_first(int pagesInFlight)
    {
        var server = new StillServer(1000);
        var walk = server.Walk(new() { PageSize = 10, PagesInFlight = pagesInFlight });

        Assert.Equal(server.TaskIds, walk.Yielded);
        Assert.InRange(walk.Requests, 1, Math.Ceiling(1000 / 9.0) + 1 + (pagesInFlight - 1));
    }

    [Fact]
    public void L5_A_capped_limit_does_not_end_the_walk_and_the_stride_follows_it()
    {
        var server = new StillServer(1000) { Cap = 30 };
        var walk = server.Walk(new() { PageSize = 100, PagesInFlight = 4 });

        Assert.Equal(server.TaskIds, walk.Yielded);
        Assert.InRange(walk.Requests, 1, Math.Ceiling(1000 / 29.0) + 1 + 3);
    }

    [Fact]
    public void L5_A_last_page_that_is_exactly_full_is_followed_by_one_that_proves_the_end()
    {
        var walk = new StillServer(199).Walk(new() { PageSize = 100 });

        Assert.Equal(199, walk.Yielded.Count);
        Assert.Equal([0, 99, 198], walk.Offsets);
    }

    [Fact]
    public void L5_TrustShortPages_saves_the_request_that_proves_the_end()
    {
        var walk = new StillServer(150).Walk(new() { PageSize = 100, TrustShortPages = true });

        Assert.Equal(150, walk.Yielded.Count);
        Assert.Equal([0, 99], walk.Offsets);
    }

    [Fact]
    public void L5_A_page_of_known_jobs_alone_does_not_end_the_walk()
    {
        var list = new ChangingList(20);
        var walk = new AnchoredWalk(new() { PageSize = 10 });
        Step(walk, list);
        list.InsertAt(0, 9);

        Assert.Equal(0, Step(walk, list).Count);
        Assert.False(walk.IsDone);

        while (!walk.IsDone)
        {
            Step(walk, list);
        }

        Assert.Equal(20, walk.Jobs);
    }

    [Fact]
    public void L6_A_resume_point_stands_on_the_last_job_yielded()
    {
        var walk = new AnchoredWalk(new() { PageSize = 10 });
        var list = new ChangingList(25);
        List<long> offsets = [walk.GetResumePoint().Offset];
        while (!walk.IsDone)
        {
            Step(walk, list);
            offsets.Add(walk.GetResumePoint().Offset);
        }

        Assert.Equal([0, 9, 18, 24, 24], offsets);
    }

    [Theory]
    [InlineData(ResumePoint.TaskIdLimit, false)]
    [InlineData(ResumePoint.TaskIdLimit + 1, true)]
    public void L6_A_resume_point_says_whether_it_holds_all_jobs(int jobs, bool hasForgotten)
    {
        var walk = new AnchoredWalk(new() { PageSize = 100 });
        var list = new ChangingList(jobs);
        while (!walk.IsDone)
        {
            Step(walk, list);
        }

        ResumePoint point = walk.GetResumePoint();
        Assert.Equal((ResumePoint.TaskIdLimit, hasForgotten), (point.TaskIds.Count, point.HasForgotten));
    }

    [Fact]
    public void L2_A_walk_that_began_further_down_throws_when_everything_remembered_is_removed()
    {
        var list = new ChangingList(100);
        var walk = new AnchoredWalk(new() { PageSize = 10, FirstOffset = 50 });
        Step(walk, list);
        list.RemoveRange(50, 10);

        JobListingException failure = Assert.Throws<JobListingException>(() =>
        {
            while (!walk.IsDone)
            {
                Step(walk, list);
            }
        });

        Assert.Equal(JobListingFailure.AnchorLost, failure.Reason);
    }

    [Fact]
    public void L2_A_server_that_ignores_the_offset_is_found_out()
    {
        var server = new StillServer(100) { IgnoresOffset = true };

        JobListingException failure = Assert.Throws<JobListingException>(() => server.Walk(new() { PageSize = 10 }));

        Assert.Equal(JobListingFailure.OffsetIgnored, failure.Reason);
    }

    [Fact]
    public void L2_A_server_that_serves_one_job_at_a_time_is_found_out()
    {
        var server = new StillServer(10) { Cap = 1 };

        JobListingException failure = Assert.Throws<JobListingException>(() => server.Walk(new() { PageSize = 10 }));

        Assert.Equal(JobListingFailure.PageTooSmall, failure.Reason);
    }

    [Fact]
    public void L2_An_order_that_broke_is_found_out()
    {
        var walk = new AnchoredWalk(new() { PageSize = 3 });
        walk.TryRequest(out _);
        walk.Accept(Jobs("a", "b", "c"));
        walk.TryRequest(out _);

        JobListingException failure = Assert.Throws<JobListingException>(() => walk.Accept(Jobs("c", "b", "d")));

        Assert.Equal(JobListingFailure.OrderChanged, failure.Reason);
        Assert.Equal(2, failure.Offset);
    }

    [Theory]
    [InlineData("a", "b", "a")]
    [InlineData("a", "a", "b")]
    [InlineData("a", "b", "b")]
    [InlineData("b", "a", "a")]
    [InlineData("c", "b", "a", "c")]
    public void L2_A_job_twice_on_a_page_is_found_out_before_it_is_yielded(params string[] taskIds)
    {
        var walk = new AnchoredWalk(new() { PageSize = 3 });
        walk.TryRequest(out _);

        JobListingException failure = Assert.Throws<JobListingException>(() => walk.Accept(Jobs(taskIds)));

        Assert.Equal(JobListingFailure.OrderChanged, failure.Reason);
        Assert.Empty(walk.GetResumePoint().TaskIds);
    }

    [Fact]
    public void L2_A_walk_that_remembers_only_part_throws_when_everything_remembered_is_removed()
    {
        var list = new ChangingList(100);
        var walk = new AnchoredWalk(new() { PageSize = 10, Remembered = 20 });
        while (walk.Jobs < 60)
        {
            Step(walk, list);
        }

        list.RemoveRange(0, (int)walk.Jobs);

        JobListingException failure = Assert.Throws<JobListingException>(() =>
        {
            while (!walk.IsDone)
            {
                Step(walk, list);
            }
        });
        Assert.Equal(JobListingFailure.AnchorLost, failure.Reason);
    }

    [Fact]
    public void L1_A_walk_that_remembers_everything_goes_on_when_all_of_it_is_removed()
    {
        var list = new ChangingList(100);
        var walk = new AnchoredWalk(new() { PageSize = 10 });
        while (walk.Jobs < 60)
        {
            Step(walk, list);
        }

        list.RemoveRange(0, (int)walk.Jobs);
        while (!walk.IsDone)
        {
            Step(walk, list);
        }

        Assert.Equal(100, walk.Jobs);
    }

    [Fact]
    public void L1_An_answer_older_than_the_page_in_front_of_it_is_asked_for_again()
    {
        var walk = new AnchoredWalk(new() { PageSize = 3, PagesInFlight = 2 });
        walk.TryRequest(out _);
        walk.Accept(Jobs("a", "b", "c"));
        walk.TryRequest(out long front);
        walk.TryRequest(out long behind);
        Assert.Equal((2, 4), (front, behind));
        Assert.Equal(2, walk.Accept(Jobs("c", "x", "y")).Count);

        // Served before x and y came in: d follows c, but whether anything stands between y and d it does not tell.
        Assert.Equal(0, walk.Accept(Jobs("c", "d", "e")).Count);

        Assert.True(walk.TryRequest(out long again));
        Assert.Equal(behind, again);
    }

    [Fact]
    public void FirstOffset_skips_jobs_and_of_1_never_asks_for_offset_0()
    {
        var server = new StillServer(30);
        Assert.Equal(server.TaskIds.Skip(12), server.Walk(new() { PageSize = 10, FirstOffset = 12 }).Yielded);
        Assert.Empty(server.Walk(new() { PageSize = 10, FirstOffset = 30 }).Yielded);

        var list = new ChangingList(40);
        var walk = new AnchoredWalk(new() { PageSize = 10, FirstOffset = 1 });
        Assert.Equal(10, Step(walk, list).Count);
        list.RemoveRange(0, 40);
        list.InsertAt(0, 40);
        List<long> offsets = [];
        while (!walk.IsDone)
        {
            Assert.True(walk.TryRequest(out long offset));
            offsets.Add(offset);
            walk.Accept(list.Page(offset, 10));
        }

        Assert.Contains(1, offsets);
        Assert.DoesNotContain(0, offsets);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(200)]
    public void MaxJobs_ends_the_walk_and_the_resume_point_stands_behind_the_last_of_them(int most)
    {
        var server = new StillServer(100);
        var walk = server.Walk(new() { PageSize = 10, MaxJobs = most });
        Assert.Equal(server.TaskIds.Take(most), walk.Yielded);

        var rest = server.Walk(new() { PageSize = 10, ResumeFrom = walk.ResumePoint });
        Assert.Equal(server.TaskIds.Skip(most), rest.Yielded);
    }

    private static WalkStep Step(AnchoredWalk walk, ChangingList list)
    {
        Assert.True(walk.TryRequest(out long offset));
        return walk.Accept(list.Page(offset, 10));
    }

    private static Job[] Jobs(params string[] taskIds) => [.. taskIds.Select(taskId => new Job { TaskId = taskId })];

    private sealed class StillServer(int count)
    {
        private readonly Job[] _jobs = Jobs([.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))]);

        public int Cap { get; init; } = 100;

        public bool IgnoresOffset { get; init; }

        public IEnumerable<string> TaskIds => _jobs.Select(job => job.TaskId);

        public (List<string> Yielded, List<long> Offsets, long Requests, ResumePoint ResumePoint) Walk(AnchoredWalkOptions options)
        {
            var walk = new AnchoredWalk(options);
            List<string> yielded = [];
            List<long> offsets = [];
            Queue<long> inFlight = new();
            while (!walk.IsDone)
            {
                while (walk.TryRequest(out long offset))
                {
                    inFlight.Enqueue(offset);
                    offsets.Add(offset);
                }

                int skipped = IgnoresOffset ? 0 : (int)Math.Min(inFlight.Peek(), count);
                inFlight.Dequeue();
                Job[] jobs = [.. _jobs.Skip(skipped).Take(Math.Min(Cap, options.PageSize))];
                WalkStep step = walk.Accept(jobs);
                yielded.AddRange(jobs.Skip(step.Start).Take(step.Count).Select(job => job.TaskId));
                if (step.DropsRequests)
                {
                    inFlight.Clear();
                }
            }

            return (yielded, offsets, walk.Requests, walk.GetResumePoint());
        }
    }
}
