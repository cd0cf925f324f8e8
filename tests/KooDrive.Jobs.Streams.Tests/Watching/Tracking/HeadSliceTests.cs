using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class HeadSliceTests
{
    private static readonly PollingOptions Options = new() { PageSize = 4 };

    [Fact]
    public void Jobs_above_the_floor_that_are_not_remembered_are_new()
    {
        HeadSlice head = Read(Recent(floor: 5, 7, 6), newestBefore: 7, 9, 7, 6, 5);

        Assert.Equal(["9"], head.New.Select(found => found.Job.TaskId));
        Assert.True(head.IsClosed);
        Assert.Equal(1, head.Shift);
    }

    [Fact]
    public void A_job_of_the_same_second_as_remembered_ones_is_new_wherever_it_is_listed()
    {
        HeadSlice head = Start(Recent(floor: 5, 7, 6));
        See(head, Stand(7), Stand(6), Stand(8, second: 6), Stand(5));

        Assert.Equal(["8"], head.New.Select(found => found.Job.TaskId));
    }

    [Fact]
    public void An_id_that_is_listed_with_another_creation_time_is_another_job()
    {
        HeadSlice head = Start(Recent(floor: 5, 7, 6));
        See(head, Stand(6, second: 9), Stand(7), Stand(5));

        Assert.Equal(["6"], head.New.Select(found => found.Job.TaskId));
    }

    [Fact]
    public void Reading_continues_to_a_job_at_the_floor()
    {
        Assert.False(Read(Recent(floor: 5, 7, 6), newestBefore: 7, 9, 8, 7, 6).IsClosed);
        Assert.True(Read(Recent(floor: 5, 7, 6), newestBefore: 7, 9, 8, 7, 6, 5).IsClosed);
    }

    [Fact]
    public void Reading_continues_below_the_floor_as_far_as_the_list_is_not_sorted()
    {
        HeadSlice head = Start(Recent(floor: 5), newestBefore: 10);
        See(head, Stand(8), Stand(9, second: 10), Stand(5));
        Assert.False(head.IsClosed);
        See(head, Stand(3));
        Assert.True(head.IsClosed);
        Assert.True(head.Covers(At(6)));
        Assert.False(head.Covers(At(5)));
    }

    [Fact]
    public void Reading_continues_to_a_job_read_before_when_the_newest_ones_are_missing()
    {
        HeadSlice head = Read(Recent(floor: 5, 7, 6), newestBefore: 7, 4, 3);
        Assert.False(head.IsClosed);
        See(head, Stand(90, second: 70));

        Assert.True(head.OrderBroke);
        Assert.True(head.MustStartOver);
    }

    [Fact]
    public void A_job_before_one_that_was_read_before_and_is_newer_is_new_although_it_is_below_the_floor()
    {
        HeadSlice head = Start(Recent(floor: 5, 7, 6));
        See(head, Stand(9, second: 4), Stand(7), Stand(6), Stand(3));

        Assert.Equal(["9"], head.New.Select(found => found.Job.TaskId));
    }

    [Fact]
    public void A_list_whose_jobs_lack_times_is_not_sorted()
    {
        HeadSlice head = Start(RecentJobs.None, keepsAll: true);
        See(head, Stand(9), new Job { TaskId = "8", Status = JobStatus.Completed });
        head.EndList();

        RecentJobs next = head.Next(At(9), 2, new HashSet<JobKey>());
        Assert.False(next.IsByTime);
        Assert.True(next.IsWhole);
    }

    [Fact]
    public void In_a_list_that_is_not_sorted_what_is_above_a_remembered_job_is_new_and_what_is_below_all_is_not()
    {
        HeadSlice head = Start(RecentJobs.ByPosition(isWhole: false, [(JobKey.Of("2"), At(2)), (JobKey.Of("9"), At(9))], []), keepsAll: true);
        See(head, Stand(1), Stand(2), Stand(3), Stand(9), Stand(4));

        Assert.Equal(["1", "3"], head.New.Select(found => found.Job.TaskId));
        Assert.False(head.IsLost);
    }

    [Fact]
    public void In_a_list_that_is_not_sorted_nothing_is_new_when_no_remembered_job_is_left()
    {
        HeadSlice head = Start(RecentJobs.ByPosition(isWhole: false, [(JobKey.Of("2"), At(2))], []), keepsAll: true);
        See(head, Stand(1), Stand(3));

        Assert.Empty(head.New);
        Assert.True(head.IsLost);
    }

    [Fact]
    public void Next_remembers_half_a_page_in_any_case_and_everything_that_is_not_settled()
    {
        Assert.Equal(["9"], Ids(Read(Recent(floor: 5), newestBefore: 7, 9, 8, 7, 6, 5).Next(At(9), 4, new HashSet<JobKey>())));
        Assert.Equal(["7", "8", "9"], Ids(Read(Recent(floor: 5), newestBefore: 7, 9, 8, 7, 6, 5).Next(At(6), 4, new HashSet<JobKey>())));
    }

    [Fact]
    public void Next_keeps_a_remembered_job_that_a_lagging_replica_left_out_unless_it_vanished()
    {
        HeadSlice head = Read(Recent(floor: 5, 7, 6), newestBefore: 7, 9, 7, 5, 4);

        Assert.Equal(["6", "7", "9"], Ids(head.Next(At(5), 4, new HashSet<JobKey>())));
        Assert.Equal(["7", "9"], Ids(head.Next(At(5), 4, new HashSet<JobKey> { JobKey.Of("6") })));
    }

    [Fact]
    public void Next_remembers_a_bounded_number_of_jobs_and_raises_the_floor()
    {
        HeadSlice head = Start(RecentJobs.None, keepsAll: true);
        See(head, [.. Enumerable.Range(0, RecentJobs.MaxCount + 10).Select(number => Stand(100_000 - number, second: 100_000 - (number / 1_000)))]);

        RecentJobs next = head.Next(long.MinValue, 100, new HashSet<JobKey>());

        Assert.Equal(At(100_000 - (RecentJobs.MaxCount / 1_000)), next.Floor);
        Assert.Equal(RecentJobs.MaxCount / 1_000 * 1_000, next.Count);
    }

    private static string[] Ids(RecentJobs recent) => [.. recent.Jobs.Select(job => job.Key.ToString()).Order()];

    private static RecentJobs Recent(int floor, params int[] ids) => RecentJobs.ByTime(At(floor), 0, ids.Select(id => (JobKey.Of($"{id}"), (long?)At(id))), []);

    private static HeadSlice Start(RecentJobs recent, bool keepsAll = false, int newestBefore = 0) => new(recent, At(newestBefore), keepsAll, Options);

    private static HeadSlice Read(RecentJobs recent, int newestBefore, params int[] ids)
    {
        HeadSlice head = Start(recent, newestBefore: newestBefore);
        See(head, [.. ids.Select(id => Stand(id))]);
        return head;
    }

    private static void See(HeadSlice head, params Job[] page)
    {
        foreach (Job job in page)
        {
            head.See(new FoundJob(JobKey.Of(job), job, head.Count), isTracked: false, isEvicted: false);
        }
    }

    private static Job Stand(int id, int? second = null) =>
        new() { TaskId = $"{id}", Status = JobStatus.Completed, CreateTime = DateTimeOffset.UnixEpoch.AddSeconds(second ?? id) };

    private static long At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second).UtcTicks;
}
