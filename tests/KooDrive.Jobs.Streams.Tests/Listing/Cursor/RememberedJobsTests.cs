using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class RememberedJobsTests
{
    [Fact]
    public void MoveAfter_keeps_the_index_of_an_earlier_job_with_a_reused_id()
    {
        var remembered = new RememberedJobs();
        foreach (string taskId in (string[])["a", "b", "a"])
        {
            remembered.Append(taskId, time: 1);
        }

        remembered.UseIndex(true);
        var unordered = new HashSet<string>();
        remembered.MoveAfter("b", unordered);

        Assert.Equal(["a"], unordered);
        Assert.True(remembered.Contains("a"));
        Assert.Equal(1, remembered.CountAfter("a"));
        remembered.MoveTo(unordered);
        Assert.Equal(0, remembered.Count);
        Assert.False(remembered.Contains("a"));
    }
}
