using System.Globalization;
using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class ListWalkTests
{
    private const int Seeds = PropertyRuns.Divisor == 1 ? 20 : 2;

    public static TheoryData<int, int, bool> Bursts { get; } =
    [
        .. from pageSize in (int[])[10, 30, 100]
           from burst in (int[])[-4000, -300, 300, 4000]
           from hasTies in (bool[])[false, true]
           select (pageSize, burst, hasTies),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(98)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(196)]
    [InlineData(199)]
    [InlineData(1234)]
    public void L3_Walk_over_an_unchanged_list_costs_the_overlap_and_one_request(int jobs)
    {
        for (int limit = 4; limit <= 100; limit = (limit * 3 / 2) + 1)
        {
            WalkDriver driver = new StillServer(jobs).Walk(new() { PageSize = limit });

            Assert.Equal(new StillServer(jobs).TaskIds, driver.Yielded);
            Assert.InRange(driver.Requests.Count, 1, Math.Ceiling(jobs / (limit - 2.0)) + 1);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void L3_Pages_in_flight_cost_at_most_one_request_each_beyond_the_first(int pagesInFlight)
    {
        WalkDriver driver = new StillServer(1000).Walk(new() { PageSize = 10, PagesInFlight = pagesInFlight });

        Assert.Equal(new StillServer(1000).TaskIds, driver.Yielded);
        Assert.InRange(driver.Requests.Count, 1, Math.Ceiling(1000 / 8.0) + 1 + (pagesInFlight - 1));
    }

    [Theory]
    [InlineData(2, 46)]
    [InlineData(10, 52)]
    [InlineData(20, 60)]
    public void L3_Pages_in_flight_overlap_by_the_tie_groups_of_the_pages_read(int maxGroup, int maxRequests)
    {
        List<int> requests = [];
        for (int seed = 0; seed < 20; seed++)
        {
            var list = new ChangingList(3000, maxGroup, ListOrder.TiesInAnyOrder, new Random(seed));
            requests.Add(new WalkDriver(new() { PagesInFlight = 8 }, range => list.Page(range.Offset, range.Limit)).Run().Requests.Count);
        }

        Assert.InRange(requests.Average(), 1, maxRequests);
    }

    [Theory]
    [InlineData(1, 1.5)]
    [InlineData(10, 1.5)]
    public void L9_Steady_deletions_cost_at_most_half_as_many_requests_again(int maxGroup, double factor)
    {
        int requests = 0, still = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var list = new ChangingList(3000, maxGroup, ListOrder.TiesInAnyOrder, random);
            still += new WalkDriver(new(), range => list.Page(range.Offset, range.Limit)).Run().Requests.Count;
            requests += new WalkDriver(new(), Respond).Run().Requests.Count;

            Job[] Respond(PageRange range)
            {
                for (int i = random.Next(2) * random.Next(1, 4); i > 0; i--)
                {
                    list.RemoveRange(random.Next(list.Count), 1);
                }

                return list.Page(range.Offset, range.Limit);
            }
        }

        Assert.InRange(requests, 1, still * factor);
    }

    [Theory]
    [MemberData(nameof(Bursts))]
    public void L9_Walk_reaches_the_end_after_a_burst_in_a_logarithmic_number_of_requests(int pageSize, int burst, bool hasTies)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            ListOrder order = hasTies ? ListOrder.TiesInAnyOrder : ListOrder.Strict;
            (WalkDriver still, _) = Walk(seed, pageSize, burst: 0, order, gap: 16);
            (WalkDriver driver, ChangingList list) = Walk(seed, pageSize, burst, order, gap: 16);

            Assert.Empty(list.Survivors.Except(driver.Yielded));
            Assert.Equal(driver.Yielded.Count, driver.Yielded.Distinct().Count());
            Assert.InRange(driver.Requests.Count, 1, still.Requests.Count + 40);
        }
    }

    [Fact]
    public void Bursts_detect_a_walk_that_steps_back_by_no_more_than_a_page()
    {
        int wrong = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            var list = new ChangingList(6_000, 1, ListOrder.Strict, new Random(seed));
            int requests = 0;
            List<string> yielded = WalkMutants.StepBackOnce(
                range =>
                {
                    list.RemoveRange(0, ++requests == 10 + seed ? 300 : 0);
                    return list.Page(range.Offset, range.Limit);
                },
                limit: 30);
            wrong += list.Survivors.Except(yielded).Any() ? 1 : 0;
        }

        Assert.Equal(20, wrong);
    }

    [Theory]
    [InlineData(2, -100)]
    [InlineData(100, -100)]
    [InlineData(2, 77)]
#if !FEW_RUNS
    [InlineData(10, -4000)]
    [InlineData(100, -4000)]
    [InlineData(100, 3000)]
    [InlineData(100, 4000)]
#endif
    public void L9_Walk_reaches_the_end_after_a_burst_among_jobs_of_one_second(int pageSize, int burst)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            (WalkDriver driver, ChangingList list) = Walk(seed, pageSize, burst, ListOrder.Strict, gap: 0);

            Assert.Empty(list.Survivors.Except(driver.Yielded));
            Assert.Equal(driver.Yielded.Count, driver.Yielded.Distinct().Count());
        }
    }

    [Theory]
    [InlineData(10, 12)]
    [InlineData(10, -30)]
#if !FEW_RUNS
    [InlineData(2, 3)]
    [InlineData(3, 4)]
#endif
    public void L9_Walk_gives_up_only_while_the_list_changes(int cap, int change)
    {
        int endedAfterRest = 0;
        for (int lastChange = 200; lastChange < 320; lastChange += 7)
        {
            var list = new ChangingList(12_000, 1, ListOrder.Strict, new Random(lastChange));
            int requests = 0;
            var driver = new WalkDriver(new() { PageSize = 40 }, Respond);
            try
            {
                driver.Run();
                Assert.Empty(list.Survivors.Except(driver.Yielded));
                endedAfterRest++;
            }
            catch (JobListingException exception) when (exception.Reason is JobListingFailure.NoProgress)
            {
                // The page that ends the walk shows a change, which was made during its search.
                Assert.InRange(requests, 1, lastChange + 12);
            }

            Assert.Distinct(driver.Yielded);

            Job[] Respond(PageRange range)
            {
                if (++requests <= lastChange)
                {
                    list.Insert(Math.Max(0, change));
                    list.RemoveRange(0, Math.Max(0, -change));
                }

                return list.Page(range.Offset, Math.Min(cap, range.Limit));
            }
        }

        Assert.True(endedAfterRest > 5);
    }

    [Theory]
    [InlineData(10, 100, 60)]
    [InlineData(10, 100, 98)]
    [InlineData(100, 100, 1_000)]
    [InlineData(100, 12, 40)]
#if !FEW_RUNS
    [InlineData(100, 100, 5_000)]
#endif
    public void L8_Tie_groups_larger_than_a_page_are_read_exactly_once_in_any_order(int pageSize, int cap, int group)
    {
        var list = new ChangingList(group, 1, ListOrder.TiesInAnyOrder, new Random(3), gap: 0);

        WalkDriver driver = new WalkDriver(new() { PageSize = pageSize }, range => list.Page(range.Offset, Math.Min(cap, range.Limit))).Run();

        Assert.Equal(list.Survivors.Order(), driver.Yielded.Order());
    }

    [Fact]
    public void L8_Tie_groups_larger_than_a_page_cost_their_overlap_when_their_order_is_stable()
    {
        var list = new ChangingList(5_000, 1, ListOrder.Strict, gap: 0);

        WalkDriver driver = new WalkDriver(new(), range => list.Page(range.Offset, range.Limit)).Run();

        Assert.Equal(5_000, driver.Yielded.Count);
        Assert.InRange(driver.Requests.Count, 1, 60);
    }

    [Fact]
    public void L5_Capped_limit_does_not_end_the_walk_and_the_stride_follows_the_cap()
    {
        WalkDriver driver = new StillServer(1000) { Cap = 30 }.Walk(new() { PageSize = 100, PagesInFlight = 4 });

        Assert.Equal(new StillServer(1000).TaskIds, driver.Yielded);
        Assert.InRange(driver.Requests.Count, 1, Math.Ceiling(1000 / 28.0) + 1 + 3);
    }

    [Fact]
    public void L5_Full_last_page_is_followed_by_a_page_that_proves_the_end()
    {
        WalkDriver driver = new StillServer(198).Walk(new() { PageSize = 100 });

        Assert.Equal(198, driver.Yielded.Count);
        Assert.Equal([0, 98, 196], driver.Requests.Select(range => range.Offset));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void L2_Walk_over_an_unchanged_list_is_complete_when_the_length_of_the_pages_varies(int pagesInFlight)
    {
        for (int seed = 0; seed < 10 * Seeds; seed++)
        {
            var random = new Random(seed);
            var list = new ChangingList(500, 3, ListOrder.TiesInAnyOrder, new Random(seed));

            WalkDriver driver = new WalkDriver(new() { PageSize = 20, PagesInFlight = pagesInFlight }, range => list.Page(range.Offset, random.Next(7, 21)))
            {
                ChooseNext = random.Next,
            }.Run();

            Assert.Equal(list.Survivors.Order(), driver.Yielded.Order());
        }
    }

    [Fact]
    public void L5_TrustShortPages_saves_the_request_that_proves_the_end()
    {
        WalkDriver driver = new StillServer(150).Walk(new() { PageSize = 100, TrustShortPages = true });

        Assert.Equal(150, driver.Yielded.Count);
        Assert.Equal([0, 98], driver.Requests.Select(range => range.Offset));
    }

    [Fact]
    public void L5_Page_of_known_jobs_alone_does_not_end_the_walk()
    {
        var list = new ChangingList(20);
        var driver = new WalkDriver(new() { PageSize = 10 }, range => list.Page(range.Offset, range.Limit));
        driver.Step();
        list.Insert(8);

        Assert.Equal(0, driver.Step());
        Assert.False(driver.Walk.IsDone);
        Assert.Equal(20, driver.Run().Yielded.Count);
    }

    [Theory]
    [InlineData(ResumePoint.TaskIdLimit, false)]
    [InlineData(ResumePoint.TaskIdLimit + 1, true)]
    public void L6_Resume_point_of_a_list_without_times_states_whether_it_holds_all_jobs(int jobs, bool hasEvicted)
    {
        var list = new ChangingList(jobs, order: ListOrder.NoTimes);
        ResumePoint point = new WalkDriver(new(), range => list.Page(range.Offset, range.Limit)).Run().Walk.GetResumePoint();

        Assert.Equal((ResumePoint.TaskIdLimit, hasEvicted), (point.TaskIds.Count, point.HasEvicted));
    }

    [Fact]
    public void L2_Walk_throws_when_the_server_ignores_the_offset() =>
        AssertThrows(JobListingFailure.OffsetIgnored, () => new StillServer(100) { IgnoresOffset = true }.Walk(new() { PageSize = 10 }));

    [Theory]
    [InlineData(9, 101)]
    [InlineData(8, 100)]
    [InlineData(8, 108)]
    public void L2_Walk_completes_when_insertions_resemble_an_ignored_offset(int first, int second)
    {
        var list = new ChangingList(300);
        int requests = 0;
        WalkDriver driver = new WalkDriver(new() { PageSize = 10 }, Respond).Run();

        Assert.Empty(list.Survivors.Except(driver.Yielded));

        Job[] Respond(PageRange range)
        {
            requests++;
            list.Insert(requests is >= 2 and <= 4 ? first : requests == 5 ? second : 0);
            return list.Page(range.Offset, range.Limit);
        }
    }

    [Fact]
    public void L2_Walk_throws_when_the_server_returns_one_job_at_a_time() =>
        AssertThrows(JobListingFailure.PageTooSmall, () => new StillServer(10) { Cap = 1 }.Walk(new() { PageSize = 10 }));

    [Fact]
    public void L2_Walk_throws_when_the_order_of_jobs_without_times_changes()
    {
        Queue<Job[]> pages = new([Jobs("a", "b", "c", "d"), Jobs("d", "c", "e", "f")]);

        AssertThrows(JobListingFailure.OrderChanged, () => new WalkDriver(new() { PageSize = 4 }, _ => pages.Dequeue()).Run());
    }

    [Theory]
    [InlineData("a", "b", "a")]
    [InlineData("a", "a", "b")]
    [InlineData("a", "b", "b")]
    [InlineData("b", "a", "a")]
    [InlineData("c", "b", "a", "c")]
    public void L2_Walk_throws_before_it_yields_a_page_that_repeats_a_job(params string[] taskIds)
    {
        var driver = new WalkDriver(new() { PageSize = 4 }, _ => Jobs(taskIds));

        AssertThrows(JobListingFailure.OrderChanged, () => driver.Step());

        Assert.Empty(driver.Yielded);
    }

    [Fact]
    public void L1_Jobs_after_a_step_back_of_times_are_listed_when_the_step_is_at_a_removed_job()
    {
        Job[] list = [JobAt("9", 42), JobAt("8", 42), JobAt("7", 36), JobAt("6", 36), JobAt("5", 30), JobAt("4", 32), JobAt("3", 32), JobAt("2", 28), JobAt("1", 22)];
        var driver = new WalkDriver(new() { PageSize = 5 }, range => [.. list.Skip((int)range.Offset).Take(range.Limit)]);
        driver.Step();
        list = [.. list.Where(job => job.TaskId != "5")];

        Assert.Equal(["9", "8", "7", "6", "5", "4", "3", "2", "1"], driver.Run().Yielded);
    }

    [Fact]
    public void L1_Job_at_the_end_of_the_list_that_looks_newer_than_the_position_is_listed_and_counted()
    {
        Job[] list = [JobAt("6", 11), JobAt("5", 11), JobAt("4", 7), JobAt("3", 1), JobAt("2", 1), JobAt("1", 4)];
        var driver = new WalkDriver(new() { PageSize = 5 }, range => [.. list.Skip((int)range.Offset).Take(range.Limit)]);
        driver.Step();
        list = [.. list.Where(job => job.TaskId is not ("3" or "2"))];

        Assert.Equal(["6", "5", "4", "3", "2", "1"], driver.Run().Yielded);
        Assert.Equal(6, driver.Walk.Jobs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public void L2_Resumed_walk_does_not_repeat_jobs_when_new_ones_look_older(int inserted)
    {
        Job[] before = [.. Enumerable.Range(0, 30).Select(i => JobAt($"{1_000 - i}", 1_000 - (3 * i)))];
        Job[] newJobs = [.. Enumerable.Range(0, inserted).Select(i => JobAt($"{2_000 - i}", 500 - i))];
        Job[] list = before;
        var driver = new WalkDriver(new() { PageSize = 5 }, range => [.. list.Skip((int)range.Offset).Take(range.Limit)]);
        driver.Step();
        list = [.. newJobs, .. before];
        driver.StopAndResume();

        Exception? failure = Record.Exception(driver.Run);

        Assert.Distinct(driver.Yielded);
        Assert.True(failure is JobListingException || before.All(job => driver.Yielded.Contains(job.TaskId)));
    }

    [Fact]
    public void L1_Out_of_date_page_of_a_list_without_times_is_requested_again()
    {
        var walk = new ListWalk(JobQuery.All, new() { PageSize = 4, PagesInFlight = 2 });
        walk.TryRequest(out _);
        walk.Accept(Jobs("a", "b", "c", "d"));
        Assert.True(walk.TryRequest(out PageRange front) & walk.TryRequest(out PageRange ahead));
        Assert.Equal((3, 6), (front.Offset, ahead.Offset));
        Assert.Equal(3, walk.Accept(Jobs("d", "x", "y", "z")).NewJobs.Count);

        // The page was produced before x, y and z were inserted, so it does not show whether jobs are listed between z and e.
        Assert.Empty(walk.Accept(Jobs("d", "e", "f", "g")).NewJobs);

        Assert.True(walk.TryRequest(out PageRange again));
        Assert.Equal(ahead, again);
    }

    [Fact]
    public void StartOffset_skips_jobs()
    {
        Assert.Equal(new StillServer(30).TaskIds.Skip(12), new StillServer(30).Walk(new() { PageSize = 10, StartOffset = 12 }).Yielded);
        Assert.Empty(new StillServer(30).Walk(new() { PageSize = 10, StartOffset = 30 }).Yielded);
    }

    [Theory]
    [InlineData(6, 2, 3)]
    [InlineData(300, 100, 101)]
    public void ServerRejectsOffsetZero_never_loses_a_job_silently(int jobs, int pageSize, int removed)
    {
        foreach (int gap in (int[])[0, 16])
        {
            var list = new ChangingList(jobs, gap: gap);
            string[] skipped = [.. list.Page(0, 1).Select(job => job.TaskId)];
            int requests = 0;
            var driver = new WalkDriver(new() { PageSize = pageSize, ServerRejectsOffsetZero = true }, Respond);
            Exception? failure = Record.Exception(driver.Run);

            Assert.True(failure is JobListingException || list.Survivors.Except(skipped).All(driver.Yielded.Contains));
            Assert.DoesNotContain(driver.Requests, range => range.Offset == 0);

            Job[] Respond(PageRange range)
            {
                list.RemoveRange(0, ++requests == 2 ? removed : 0);
                return list.Page(range.Offset, range.Limit);
            }
        }
    }

    [Fact]
    public void ServerRejectsOffsetZero_ends_the_walk_when_a_large_tie_group_moves_up()
    {
        var list = new ChangingList(300, gap: 0);
        int requests = 0;

        AssertThrows(JobListingFailure.PositionLost, () => new WalkDriver(new() { PageSize = 100, ServerRejectsOffsetZero = true }, Respond).Run());

        Assert.InRange(requests, 3, 8);

        Job[] Respond(PageRange range)
        {
            list.RemoveRange(0, ++requests == 2 ? 101 : 0);
            return list.Page(range.Offset, range.Limit);
        }
    }

    [Fact]
    public void L8_Walk_throws_when_a_tie_group_outgrows_what_a_walk_remembers()
    {
        int next = 0;
        var driver = new WalkDriver(new(), _ => [JobAt("b", 1), JobAt("a", 1), .. Enumerable.Range(98 * next++, 98).Select(number => JobAt($"{number}", 0))]);

        Assert.Throws<JobListingException>(driver.Run);

        Assert.True(driver.Yielded.Count > 2_048);
        Assert.Distinct(driver.Yielded);
    }

    [Fact]
    public void L9_Walk_completes_when_a_tie_group_is_removed_while_it_is_counted()
    {
        Job[] list = [JobAt("2", 0), JobAt("1", 0)];
        int requests = 0;
        WalkDriver driver = new WalkDriver(new() { PageSize = 20 }, Respond).Run();

        Assert.Equal(["2", "1"], driver.Yielded);
        Assert.InRange(requests, 3, 10);

        Job[] Respond(PageRange range)
        {
            list = ++requests switch
            {
                2 => [JobAt("2", 0), JobAt("3", 0), JobAt("1", 0)],
                3 => [.. Enumerable.Range(4, 6).Reverse().Select(number => JobAt($"{number}", number))],
                _ => list,
            };
            return [.. list.Skip((int)range.Offset).Take(range.Limit)];
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(200)]
    public void MaxJobs_ends_the_walk_with_a_resume_point_after_the_last_job(int max)
    {
        var server = new StillServer(100);
        WalkDriver walk = server.Walk(new() { PageSize = 10, MaxJobs = max });
        Assert.Equal(server.TaskIds.Take(max), walk.Yielded);

        WalkDriver rest = server.Walk(new() { PageSize = 10 }, walk.Walk.GetResumePoint());
        Assert.Equal(server.TaskIds.Skip(max), rest.Yielded);
    }

    private static (WalkDriver Driver, ChangingList List) Walk(int seed, int pageSize, int burst, ListOrder order, int gap)
    {
        var random = new Random(seed);
        var list = new ChangingList(6_000, order is ListOrder.TiesInAnyOrder ? 6 : 1, order, new Random(seed), gap: gap);
        (int at, int start, int requests) = (random.Next(2, 50), random.Next(3) == 0 ? 0 : random.Next(2_000), 0);
        var driver = new WalkDriver(new() { PageSize = pageSize }, range =>
        {
            if (++requests == at && burst < 0)
            {
                list.RemoveRange(start, -burst);
            }
            else if (requests == at)
            {
                list.Insert(burst);
            }

            return list.Page(range.Offset, range.Limit);
        });
        return (driver.Run(), list);
    }

    private static void AssertThrows(JobListingFailure reason, Action action) =>
        Assert.Equal(reason, Assert.Throws<JobListingException>(action).Reason);

    private static Job JobAt(string taskId, int second) => new() { TaskId = taskId, CreateTime = DateTimeOffset.UnixEpoch.AddSeconds(second) };

    private static Job[] Jobs(params string[] taskIds) => [.. taskIds.Select(taskId => new Job { TaskId = taskId })];

    private sealed class StillServer(int count)
    {
        private readonly Job[] _jobs =
        [
            .. Enumerable.Range(0, count).Select(i => new Job
            {
                TaskId = i.ToString(CultureInfo.InvariantCulture),
                CreateTime = DateTimeOffset.UnixEpoch.AddSeconds(-i),
            }),
        ];

        public int Cap { get; init; } = 100;

        public bool IgnoresOffset { get; init; }

        public IEnumerable<string> TaskIds => _jobs.Select(job => job.TaskId);

        public WalkDriver Walk(JobListingOptions options, ResumePoint? resumeFrom = null) => new WalkDriver(
            options,
            range => [.. _jobs.Skip(IgnoresOffset ? 0 : (int)range.Offset).Take(Math.Min(Cap, range.Limit))],
            resumeFrom).Run();
    }
}
