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

    private static HeadSlice Read(Frontier frontier, params int[] ids)
    {
        var head = new HeadSlice(frontier);
        foreach ((int place, JobKey key) in Keys(ids).Index())
        {
            head.See(new FoundJob(key, new Job { TaskId = key.ToString(), Status = JobStatus.Completed }, place, default, default), isKnown: false, wasTold: false);
        }

        head.EndPage();
        return head;
    }

    private static JobKey[] Keys(params int[] ids) => [.. ids.Select(id => JobKey.Of($"{id}"))];
}
