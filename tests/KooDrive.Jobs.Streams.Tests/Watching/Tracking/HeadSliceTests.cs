using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class HeadSliceTests
{
    private static readonly PollingOptions Options = new() { PageSize = 4 };

    [Fact]
    public void NewJobs_contains_jobs_above_the_floor_that_are_not_remembered()
    {
        HeadSlice head = Read(Recent(floor: 5, 7, 6), newestBefore: 7, 9, 7, 6, 5);

        Assert.Equal(["9"], head.NewJobs.Select(found => found.Job.TaskId));
        Assert.True(head.IsComplete);
        Assert.Equal(1, head.Shift);
    }

    [Fact]
    public void NewJobs_contains_a_job_of_the_same_second_at_any_position()
    {
        HeadSlice head = Start(Recent(floor: 5, 7, 6));
        Add(head, CreateJob(7), CreateJob(6), CreateJob(8, second: 6), CreateJob(5));

        Assert.Equal(["8"], head.NewJobs.Select(found => found.Job.TaskId));
    }

    [Fact]
    public void NewJobs_contains_a_remembered_id_with_another_creation_time()
    {
        HeadSlice head = Start(Recent(floor: 5, 7, 6));
        Add(head, CreateJob(6, second: 9), CreateJob(7), CreateJob(5));

        Assert.Equal(["6"], head.NewJobs.Select(found => found.Job.TaskId));
    }

    [Fact]
    public void IsComplete_is_false_until_a_job_at_the_floor_is_read()
    {
        Assert.False(Read(Recent(floor: 5, 7, 6), newestBefore: 7, 9, 8, 7, 6).IsComplete);
        Assert.True(Read(Recent(floor: 5, 7, 6), newestBefore: 7, 9, 8, 7, 6, 5).IsComplete);
    }

    [Fact]
    public void IsComplete_is_false_below_the_floor_within_the_disorder_of_the_list()
    {
        HeadSlice head = Start(Recent(floor: 5), newestBefore: 10);
        Add(head, CreateJob(8), CreateJob(9, second: 10), CreateJob(5));
        Assert.False(head.IsComplete);
        Add(head, CreateJob(3));
        Assert.True(head.IsComplete);
        Assert.True(head.Covers(At(6)));
        Assert.False(head.Covers(At(5)));
    }

    [Fact]
    public void IsComplete_is_false_until_a_known_job_when_the_newest_are_missing()
    {
        HeadSlice head = Read(Recent(floor: 5, 7, 6), newestBefore: 7, 4, 3);
        Assert.False(head.IsComplete);
        Add(head, CreateJob(90, second: 70));

        Assert.True(head.OrderBroke);
        Assert.True(head.MustStartOver);
    }

    [Fact]
    public void NewJobs_contains_a_job_below_the_floor_listed_before_a_newer_known_job()
    {
        HeadSlice head = Start(Recent(floor: 5, 7, 6));
        Add(head, CreateJob(9, second: 4), CreateJob(7), CreateJob(6), CreateJob(3));

        Assert.Equal(["9"], head.NewJobs.Select(found => found.Job.TaskId));
    }

    [Fact]
    public void IsLost_is_false_when_an_unsorted_list_starts_with_a_remembered_job_or_has_no_other()
    {
        var recent = RecentJobs.ByPosition(isWhole: false, [(JobKey.Of("2"), At(2))], []);
        HeadSlice first = Start(recent, keepsAll: true), empty = Start(recent, keepsAll: true);
        Add(first, CreateJob(2), CreateJob(3));

        Assert.False(first.IsLost);
        Assert.False(empty.IsLost);
    }

    [Fact]
    public void IsComplete_is_false_when_the_order_is_broken()
    {
        HeadSlice head = Start(Recent(floor: 100, 110));
        Add(head, CreateJob(110), CreateJob(1), CreateJob(62));

        Assert.True(head.OrderBroke);
        Assert.False(head.IsComplete);
    }

    [Fact]
    public void Next_reads_down_to_the_oldest_job_that_was_read()
    {
        RecentJobs next = Read(Recent(floor: 5), newestBefore: 7, 9, 8).Next(At(3), 4, new HashSet<JobKey>());

        Assert.Equal((At(5), At(8), 1), (next.Floor, next.Depth, next.CountNewerThanDepth));
    }

    [Fact]
    public void NewJobs_contains_a_job_above_the_floor_once_when_a_newer_remembered_job_follows()
    {
        HeadSlice head = Start(Recent(floor: 5, 7));
        Add(head, CreateJob(8, second: 6), CreateJob(7), CreateJob(5));

        Assert.Equal(["8"], head.NewJobs.Select(found => found.Job.TaskId));
    }

    [Fact]
    public void NewJobs_lacks_a_job_below_the_floor_that_is_not_on_the_first_page()
    {
        HeadSlice head = Start(Recent(floor: 5, 10, 9, 8, 7, 6));
        Add(head, CreateJob(10), CreateJob(9), CreateJob(8), CreateJob(7), CreateJob(90, second: 4), CreateJob(6), CreateJob(3));

        Assert.Empty(head.NewJobs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Next_reports_whether_the_whole_list_without_creation_times_is_remembered(bool isEnd)
    {
        HeadSlice head = Start(RecentJobs.None, keepsAll: true);
        Add(head, new Job { TaskId = "8" }, new Job { TaskId = "7" });
        if (isEnd)
        {
            head.EndList();
        }

        RecentJobs next = head.Next(At(9), 2, new HashSet<JobKey>());
        Assert.Equal(isEnd, next.IsWhole);
        Assert.All(next.Jobs, job => Assert.Null(job.Time));
    }

    [Fact]
    public void IsByTime_is_false_when_jobs_have_no_creation_times()
    {
        HeadSlice head = Start(RecentJobs.None, keepsAll: true);
        Add(head, CreateJob(9), new Job { TaskId = "8", Status = JobStatus.Completed });
        head.EndList();

        RecentJobs next = head.Next(At(9), 2, new HashSet<JobKey>());
        Assert.False(next.IsByTime);
        Assert.True(next.IsWhole);
    }

    [Fact]
    public void NewJobs_contains_jobs_before_a_remembered_job_when_the_list_is_unsorted()
    {
        HeadSlice head = Start(RecentJobs.ByPosition(isWhole: false, [(JobKey.Of("2"), At(2)), (JobKey.Of("9"), At(9))], []), keepsAll: true);
        Add(head, CreateJob(1), CreateJob(2), CreateJob(3), CreateJob(9), CreateJob(4));

        Assert.Equal(["1", "3"], head.NewJobs.Select(found => found.Job.TaskId));
        Assert.False(head.IsLost);
    }

    [Fact]
    public void NewJobs_is_empty_when_an_unsorted_list_has_no_remembered_job()
    {
        HeadSlice head = Start(RecentJobs.ByPosition(isWhole: false, [(JobKey.Of("2"), At(2))], []), keepsAll: true);
        Add(head, CreateJob(1), CreateJob(3));

        Assert.Empty(head.NewJobs);
        Assert.True(head.IsLost);
    }

    [Fact]
    public void Next_remembers_half_a_page_and_every_job_that_is_not_settled()
    {
        Assert.Equal(["9"], Ids(Read(Recent(floor: 5), newestBefore: 7, 9, 8, 7, 6, 5).Next(At(9), 4, new HashSet<JobKey>())));
        Assert.Equal(["7", "8", "9"], Ids(Read(Recent(floor: 5), newestBefore: 7, 9, 8, 7, 6, 5).Next(At(6), 4, new HashSet<JobKey>())));
    }

    [Fact]
    public void Next_keeps_a_remembered_job_that_was_not_listed_unless_it_vanished()
    {
        HeadSlice head = Read(Recent(floor: 5, 7, 6), newestBefore: 7, 9, 7, 5, 4);

        Assert.Equal(["6", "7", "9"], Ids(head.Next(At(5), 4, new HashSet<JobKey>())));
        Assert.Equal(["7", "9"], Ids(head.Next(At(5), 4, new HashSet<JobKey> { JobKey.Of("6") })));
    }

    [Fact]
    public void Next_raises_the_floor_when_the_number_of_jobs_exceeds_the_limit()
    {
        HeadSlice head = Start(RecentJobs.None, keepsAll: true);
        Add(head, [.. Enumerable.Range(0, RecentJobs.MaxCount + 10).Select(number => CreateJob(100_000 - number, second: 100_000 - (number / 1_000)))]);

        RecentJobs next = head.Next(long.MinValue, 100, new HashSet<JobKey>());

        Assert.Equal(At(100_000 - (RecentJobs.MaxCount / 1_000)), next.Floor);
        Assert.Equal(RecentJobs.MaxCount / 1_000 * 1_000, next.Count);
    }

    private static string[] Ids(RecentJobs recent) => [.. recent.Jobs.Select(job => job.Key.ToString()).Order()];

    private static RecentJobs Recent(int floor, params int[] ids) => RecentJobs.ByTime(At(floor), At(floor), 0, [.. ids.Select(id => (JobKey.Of($"{id}"), (long?)At(id)))], []);

    private static HeadSlice Start(RecentJobs recent, bool keepsAll = false, int newestBefore = 0) => new(recent, At(newestBefore), keepsAll, Options);

    private static HeadSlice Read(RecentJobs recent, int newestBefore, params int[] ids)
    {
        HeadSlice head = Start(recent, newestBefore: newestBefore);
        Add(head, [.. ids.Select(id => CreateJob(id))]);
        return head;
    }

    private static void Add(HeadSlice head, params Job[] page)
    {
        foreach (Job job in page)
        {
            head.Add(new FoundJob(JobKey.Of(job), job, head.Count), isTracked: false, isEvicted: false);
        }
    }

    private static Job CreateJob(int id, int? second = null) =>
        new() { TaskId = $"{id}", Status = JobStatus.Completed, CreateTime = DateTimeOffset.UnixEpoch.AddSeconds(second ?? id) };

    private static long At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second).UtcTicks;
}
