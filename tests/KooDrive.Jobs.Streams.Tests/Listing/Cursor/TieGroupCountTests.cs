using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class TieGroupCountTests
{
    [Fact]
    public void TryComplete_needs_two_readings_with_as_many_jobs_as_positions()
    {
        var group = new TieGroupCount(isSuspicion: false, readings: 9, allReadings: 3);
        Assert.Equal((0, 3), (group.Readings, group.AllReadings));

        Assert.Equal([false, false, true], (bool[])[Read(group, 4, "a", "b", "c"), Read(group, 4, "c", "b", "a"), Read(group, 4, "a", "c", "b")]);
        Assert.True(group.IsComplete);
        Assert.Equal((3, 6), (group.Readings, group.AllReadings));
    }

    [Fact]
    public void TryComplete_collects_the_jobs_of_readings_that_miss_some()
    {
        var group = new TieGroupCount(isSuspicion: true, readings: 1, allReadings: 1);
        Assert.Equal(1, group.Readings);

        Assert.False(Read(group, 4, "a", "b", "b"));
        Assert.True(group.IsSuspicion);
        Assert.False(Read(group, 4, "a", "b", "b"));
        Assert.False(group.IsSuspicion);
        Assert.False(Read(group, 4, "b", "c", "c"));
        Assert.False(group.IsComplete);
        Assert.True(Read(group, 4, "a", "b", "c"));
    }

    [Fact]
    public void Restart_discards_the_reading()
    {
        var group = new TieGroupCount(isSuspicion: false, readings: 0, allReadings: 0);
        Read(group, 4, "a", "b");
        Read(group, 4, "a", "b");
        group.Add(Page(4, "a"), 0, 1);
        Assert.Equal(5, group.Next);

        group.Restart();

        Assert.Null(group.Next);
        Assert.Equal((3, 3), (group.Readings, group.AllReadings));
        Assert.False(Read(group, 4, "a", "b"));
        Assert.True(Read(group, 4, "a", "b"));
    }

    [Fact]
    public void TryComplete_never_proves_a_group_with_the_first_reading()
    {
        var group = new TieGroupCount(isSuspicion: false, readings: 0, allReadings: 0);
        group.Add(Page(4, "a"), 0, 1);
        group.Restart();

        Assert.Equal([false, false, true], (bool[])[ReadOne(), ReadOne(), ReadOne()]);

        bool ReadOne()
        {
            group.Add(Page(4, "a"), 0, 1);
            return group.TryComplete();
        }
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 64)]
    public void IsExhausted_is_true_after_many_readings_without_a_new_job(bool isSuspicion, int expected)
    {
        var group = new TieGroupCount(isSuspicion, readings: 0, allReadings: 0);
        int readings = 0;
        for (; !group.IsExhausted; readings++)
        {
            group.Restart();
        }

        Assert.Equal(expected, readings);
        group.NoteProgress();
        Assert.Equal((0, false, false), (group.Readings, group.IsSuspicion, group.IsExhausted));
    }

    [Fact]
    public void IsExhausted_is_true_after_256_readings_in_total()
    {
        var group = new TieGroupCount(isSuspicion: false, readings: 0, allReadings: 255);
        Assert.False(group.IsExhausted);

        group.Restart();
        group.NoteProgress();

        Assert.True(group.IsExhausted);
    }

    [Theory]
    [InlineData(408, false)]
    [InlineData(409, true)]
    public void IsRepeating_is_true_for_far_more_positions_than_jobs(int positions, bool expected)
    {
        var group = new TieGroupCount(isSuspicion: false, readings: 0, allReadings: 0);
        group.Add(Page(100, "a", "b"), 0, 2);
        group.Add(Page(100 + positions - 1, "a"), 0, 1);

        Assert.Equal(expected, group.IsRepeating);
    }

    // The group starts at the second job of the first page, and ends before the last job of the second page.
    private static bool Read(TieGroupCount group, long offset, params string[] taskIds)
    {
        group.Add(Page(offset, ["newer", taskIds[0]]), 1, 2);
        group.Add(Page(group.Next!.Value, [.. taskIds[1..], "older"]), 0, taskIds.Length - 1);
        return group.TryComplete();
    }

    private static WalkPage Page(long offset, params string[] taskIds) => new(offset, 100, [.. taskIds.Select(taskId => new Job { TaskId = taskId })], IsShort: false);
}
