using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class AnchorCursorTests
{
    private readonly RememberedJobs _remembered = new();
    private readonly AnchorCursor _cursor;

    public AnchorCursorTests()
    {
        _cursor = new AnchorCursor(_remembered);
        Take("a", "b", "c");
    }

    [Theory]
    [InlineData("c,d", false, PagePosition.Connected)]
    [InlineData("d,e", false, PagePosition.TooDeep)]
    [InlineData("b,a", false, PagePosition.OrderBroken)]
    [InlineData("b,d", false, PagePosition.Connected)]
    [InlineData("b,d", true, PagePosition.OutOfDate)]
    [InlineData("c,d", true, PagePosition.Connected)]
    [InlineData("b,c", true, PagePosition.Connected)]
    internal void Locate_compares_a_page_with_the_jobs_yielded_last(string page, bool mayBeOutOfDate, PagePosition expected) =>
        Assert.Equal(expected, _cursor.Locate(Page(page), count: 2, mayBeOutOfDate));

    [Fact]
    public void Locate_finds_the_end_on_a_short_page_without_a_new_job()
    {
        Assert.Equal(PagePosition.AtEnd, _cursor.Locate(Page("b,c") with { IsShort = true }, count: 2, mayBeOutOfDate: false));
        Assert.Equal(PagePosition.Connected, _cursor.Locate(Page("c,d") with { IsShort = true }, count: 2, mayBeOutOfDate: false));
    }

    [Theory]
    [InlineData("x,a,b", false, true)]
    [InlineData("x,a,b", true, false)]
    [InlineData("x,a,y,b", true, true)]
    [InlineData("a,b,x", false, false)]
    [InlineData("a,x", true, false)]
    [InlineData("x,y", false, false)]
    public void HasNewBeforeAnchor_is_true_for_a_job_that_was_not_yielded(string page, bool isEvicted, bool expected) =>
        Assert.Equal(expected, _cursor.HasNewBeforeAnchor(Page(page), Page(page).Count, isEvicted));

    [Theory]
    [InlineData("a,b,c,d", 3, false)]
    [InlineData("a,c,d", 2, true)]
    [InlineData("a,b,d", 2, true)]
    [InlineData("a,b", 2, false)]
    [InlineData("b,c", 2, false)]
    [InlineData("a,x,c", 3, true)]
    [InlineData("x,y", 2, false)]
    public void LacksRemembered_is_true_when_a_job_between_the_jobs_of_a_page_is_missing(string page, int count, bool expected) =>
        Assert.Equal(expected, _cursor.LacksRemembered(Page(page), count));

    [Fact]
    public void LacksRemembered_is_true_when_a_short_page_ends_before_the_last_job() =>
        Assert.True(_cursor.LacksRemembered(Page("a,b") with { IsShort = true }, count: 2));

    [Fact]
    public void Take_returns_the_jobs_that_were_not_yielded_wherever_they_are()
    {
        Assert.Equal(["x", "d", "e"], Take("x", "b", "c", "d", "e"));
        Assert.Equal(["x"], _cursor.Unordered);
        Assert.Equal(["f"], Take("e", "f"));
        Assert.Equal(["a", "b", "c", "d", "e", "f"], _remembered.TaskIds);
    }

    [Fact]
    public void Take_returns_no_job_again_when_the_walk_starts_from_the_top()
    {
        Assert.True(_cursor.TryStartAgain());
        Assert.True(_cursor.StartsAgain);
        Assert.Equal(["a", "b", "c"], _cursor.Unordered.Order());
        Assert.Equal(PagePosition.Connected, _cursor.Locate(Page("z,a"), count: 2, mayBeOutOfDate: false));

        Assert.Equal(["z"], Take("z", "a"));
        Assert.False(_cursor.StartsAgain);
        Assert.Equal(["d"], Take("a", "b", "c", "d"));
        Assert.Empty(_cursor.Unordered);
    }

    [Fact]
    public void Take_takes_at_most_the_maximum()
    {
        Assert.Equal(["d"], _cursor.Take(Page("c,d,e"), max: 1).Select(job => job.TaskId));
        Assert.Equal("d", _remembered.Last);
        Assert.Equal(["x"], _cursor.Take(Page("x,y,d,e"), max: 1).Select(job => job.TaskId));
    }

    [Fact]
    public void Take_remembers_a_bounded_number_of_jobs()
    {
        for (int first = 0; first < 16_500; first += 100)
        {
            Take([.. Enumerable.Range(first, 100).Select(number => $"{number}")]);
        }

        Assert.True(_remembered.HasEvicted);
        Assert.InRange(_remembered.Count, 8_192, 16_384);
    }

    [Fact]
    public void TryStartAgain_returns_false_when_jobs_were_evicted()
    {
        _remembered.HasEvicted = true;

        Assert.False(_cursor.TryStartAgain());
        Assert.Equal(3, _remembered.Count);
    }

    [Theory]
    [InlineData("a,b,x", 12)]
    [InlineData("x,b", 12)]
    [InlineData("x,y", 11)]
    public void EstimateLast_returns_the_offset_of_the_job_yielded_last(string page, int expected) => Assert.Equal(expected, _cursor.EstimateLast(Page(page)));

    [Theory]
    [InlineData("a,c,d", "d")]
    [InlineData("d,e", "d,e")]
    [InlineData("a,b", "")]
    public void SelectAfterAnchor_returns_the_jobs_after_the_last_remembered_job(string page, string expected) =>
        Assert.Equal(expected, string.Join(',', _cursor.SelectAfterAnchor(Page(page)).Select(job => job.TaskId)));

    private IEnumerable<string> Take(params string[] page) => [.. _cursor.Take(Page(string.Join(',', page)), long.MaxValue).Select(job => job.TaskId)];

    private static WalkPage Page(string taskIds) => new(Offset: 10, Limit: 10, [.. taskIds.Split(',').Select(taskId => new Job { TaskId = taskId })], IsShort: false);
}
