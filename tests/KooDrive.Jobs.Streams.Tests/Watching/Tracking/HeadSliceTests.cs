namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class HeadSliceTests
{
    [Fact]
    public void Strangers_above_the_lowest_job_of_the_frontier_are_new_and_those_below_are_history()
    {
        HeadSlice head = Read(Frontier.Of(3, Keys(5, 4, 3)), 7, 5, 6, 3, 2, 1);

        Assert.Equal(["7", "6"], head.New.Select(found => found.Job.TaskId));
        Assert.True(head.IsClosed);
        Assert.Equal(1, head.Shift);
    }

    [Fact]
    public void A_frontier_of_which_nothing_is_left_is_lost_at_the_end_of_the_list_and_not_before()
    {
        HeadSlice head = Read(Frontier.Of(2, Keys(5, 4)), 3, 2);
        Assert.False(head.IsClosed || head.IsLost);

        head.EndList();
        Assert.True(head.IsLost);
    }

    [Fact]
    public void Within_the_newest_second_reading_goes_on_to_a_job_of_an_earlier_one()
    {
        Frontier frontier = Frontier.Of(4, Keys(5, 4, 3), settledFrom: 2);

        Assert.False(Read(frontier, 5, 4).IsClosed);
        HeadSlice head = Read(frontier, 5, 4, 6, 3);
        Assert.True(head.IsClosed);
        Assert.Equal(["6"], head.New.Select(found => found.Job.TaskId));
    }

    [Fact]
    public void Reading_goes_on_while_no_job_of_the_frontier_was_found_whatever_a_checkpoint_says_is_settled() =>
        Assert.False(Read(Frontier.Of(2, Keys(5, 4), settledFrom: -1), 9).IsClosed);

    [Fact]
    public void Jobs_that_stand_the_other_way_round_break_the_order_unless_they_may_have_been_seen_out_of_it()
    {
        Assert.True(Read(Frontier.Of(3, Keys(5, 4, 3)), 4, 5).OrderBroke);
        Assert.False(Read(Frontier.Of(3, Keys(5, 4, 3), settledFrom: 2), 4, 5, 3).OrderBroke);
    }

    [Fact]
    public void Next_keeps_what_follows_the_stretch_that_was_read()
    {
        Frontier frontier = Frontier.Of(4, Keys(5, 4, 3, 2));

        Assert.Equal(Keys(6, 5, 4, 3), frontier.Next(Read(frontier, 6, 5)).Keys);
        Assert.Equal(Keys(6, 4, 1), frontier.Next(Read(frontier, 6, 4, 1)).Keys);
    }

    [Fact]
    public void A_job_of_the_frontier_that_stands_there_twice_breaks_the_order() =>
        Assert.True(Read(Frontier.Of(3, Keys(5, 4, 3)), 5, 4, 4).OrderBroke);

    [Fact]
    public void Only_what_ends_at_the_lowest_job_found_ends_there()
    {
        Frontier frontier = Frontier.Of(3, Keys(5, 4, 3), settledFrom: 2);

        Assert.True(Read(frontier, 5, 4).EndsAtDeepest);
        Assert.False(Read(frontier, 4, 5).EndsAtDeepest);
        Assert.False(Read(frontier, 5, 4, 9).EndsAtDeepest);
        Assert.False(Read(frontier, 9).EndsAtDeepest);
    }

    [Fact]
    public void An_unfinished_stranger_below_the_frontier_came_back()
    {
        HeadSlice head = Read(Frontier.Of(1, Keys(5)), [Stand(5), Stand(2, JobStatus.Processing), Stand(1)]);

        Assert.Equal(["2"], head.CameBack.Select(found => found.Job.TaskId));
        Assert.Empty(head.New);
    }

    [Fact]
    public void A_stranger_below_the_frontier_is_new_only_if_it_was_created_later_than_all_before()
    {
        HeadSlice head = Read(Frontier.Of(1, Keys(5), newestTime: At(7)), [Stand(5, second: 7)]);

        See(head, [Stand(4, second: 8), Stand(3, second: 7)]);

        Assert.Equal(["4"], head.New.Select(found => found.Job.TaskId));
    }

    [Theory]
    [InlineData(3, null, 3)]
    [InlineData(3, 2, 3)]
    [InlineData(3, 4, 4)]
    [InlineData(null, 2, 2)]
    [InlineData(null, null, null)]
    public void The_newest_time_is_the_latest_of_all_that_were_told(int? before, int? read, int? expected)
    {
        HeadSlice head = Read(Frontier.Of(1, Keys(5), newestTime: At(before)), [Stand(6, second: read), Stand(5)]);

        Assert.Equal(At(expected), head.NewestTime);
    }

    [Fact]
    public void The_newest_jobs_are_those_of_the_first_ones_second_and_as_many_more_as_a_frontier_holds()
    {
        HeadSlice head = Read(Frontier.Of(2, []), [Stand(9, second: 5), Stand(8, second: 4), Stand(7, second: 4), Stand(6, second: 5), Stand(5, second: 4)]);

        Assert.Equal(Keys(9, 8, 7, 6, 5), head.Newest);
        Assert.Equal(4, head.NewestSecond);
    }

    [Fact]
    public void The_newest_second_does_not_make_the_frontier_grow_without_bound()
    {
        HeadSlice head = Read(Frontier.Of(2, []), [.. Enumerable.Range(1, 40).Select(id => Stand(id, second: 5))]);

        Assert.Equal(32, head.Newest.Count);
    }

    [Fact]
    public void Jobs_above_the_point_where_reading_could_have_ended_are_contained_and_those_below_are_not()
    {
        HeadSlice head = Read(Frontier.Of(1, Keys(5)), 9, 8, 7, 5);
        See(head, [Stand(4)]);

        Assert.All(Keys(9, 8, 7, 5), key => Assert.True(head.Contains(key)));
        Assert.False(head.Contains(JobKey.Of("4")));
    }

    private static HeadSlice Read(Frontier frontier, params int[] ids) => Read(frontier, [.. ids.Select(id => Stand(id))]);

    private static HeadSlice Read(Frontier frontier, Job[] jobs)
    {
        var head = new HeadSlice(frontier);
        See(head, jobs);
        return head;
    }

    private static void See(HeadSlice head, Job[] page)
    {
        foreach (Job job in page)
        {
            head.See(new FoundJob(JobKey.Of(job), job, head.Count, default, default), isKnown: false, wasTold: false);
        }

        head.EndPage();
    }

    private static Job Stand(int id, JobStatus status = JobStatus.Completed, int? second = null) =>
        new() { TaskId = $"{id}", Status = status, CreateTime = At(second) };

    private static DateTimeOffset? At(int? second) => second is { } seconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;

    private static JobKey[] Keys(params int[] ids) => [.. ids.Select(id => JobKey.Of($"{id}"))];
}
