using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class TimeCursorTests
{
    private readonly RememberedJobs _remembered = new();
    private readonly TimeCursor _cursor;

    public TimeCursorTests() => _cursor = new TimeCursor(_remembered);

    [Fact]
    public void Advance_counts_the_jobs_of_the_last_tie_group()
    {
        _cursor.Advance([At(9), At(7), At(7)]);
        Assert.Equal((Ticks(7), 2), (_cursor.Time, _cursor.GroupCount));

        _cursor.Advance([At(7)]);
        Assert.Equal(3, _cursor.GroupCount);
        _cursor.Advance([At(6)]);
        Assert.Equal((Ticks(6), 1), (_cursor.Time, _cursor.GroupCount));
        Assert.False(_cursor.IsGroupEvicted);
    }

    [Fact]
    public void Advance_notes_that_jobs_of_the_group_are_no_longer_remembered()
    {
        _cursor.Advance([.. Enumerable.Range(0, 2_048).Select(number => At(7, $"{number}"))]);
        Assert.False(_cursor.IsGroupEvicted);
        _cursor.Advance([At(7, "last")]);
        Assert.True(_cursor.IsGroupEvicted);
        _cursor.Advance([At(7, "next")]);
        Assert.True(_cursor.IsGroupEvicted);

        _cursor.Advance([At(6)]);
        Assert.False(_cursor.IsGroupEvicted);
    }

    [Theory]
    [InlineData(new[] { "9", "a", "c", "5" }, new[] { "c", "5" }, false)]
    [InlineData(new[] { "9", "a", "b", "5" }, new[] { "5" }, false)]
    [InlineData(new[] { "9", "c", "a", "5" }, new[] { "c", "5" }, true)]
    [InlineData(new[] { "9", "a", "c", "b", "d", "5" }, new[] { "c", "d", "5" }, true)]
    [InlineData(new[] { "9", "5" }, new[] { "5" }, false)]
    public void SelectNew_returns_the_jobs_that_were_not_yielded(string[] page, string[] expected, bool isUnordered)
    {
        _cursor.Advance([At(9, "9"), At(7, "a"), At(7, "b")]);

        IEnumerable<Job> selected = _cursor.SelectNew(Page(page), newer: 1);

        Assert.Equal(expected, selected.Select(job => job.TaskId));
        Assert.Equal(isUnordered, _cursor.IsGroupUnordered);
    }

    [Fact]
    public void SelectMembers_returns_the_jobs_of_the_group_that_were_not_yielded()
    {
        _cursor.Advance([At(9, "9"), At(7, "a")]);

        Assert.Empty(_cursor.SelectMembers(Page("9", "a", "5"), start: 1, end: 2));
        Assert.False(_cursor.IsGroupUnordered);
        Assert.Equal(["b"], _cursor.SelectMembers(Page("9", "b", "a", "5"), start: 1, end: 3).Select(job => job.TaskId));
        Assert.True(_cursor.IsGroupUnordered);
        Assert.Empty(_cursor.SelectMembers(Page("9", "a", "5"), start: 1, end: 2));
        Assert.True(_cursor.IsGroupUnordered);
        Assert.Single(_cursor.SelectMembers(Page("9", "b", "5"), start: 1, end: 2));
        Assert.True(_cursor.IsGroupUnordered);
    }

    [Fact]
    public void HasYieldedOlder_is_true_when_an_older_job_is_remembered()
    {
        _cursor.Advance([At(5, "5"), At(9, "9"), At(7, "a")]);

        Assert.True(_cursor.HasYieldedOlder(Page("a", "5")));
        Assert.False(_cursor.HasYieldedOlder(Page("9", "a", "6")));
        Assert.False(_cursor.HasYieldedOlder(Page("9", "a")));
    }

    [Theory]
    [InlineData(0, 0, false, PagePosition.Connected)]
    [InlineData(5, 0, false, PagePosition.TooDeep)]
    [InlineData(5, 1, false, PagePosition.Connected)]
    [InlineData(5, 2, false, PagePosition.NotDeepEnough)]
    [InlineData(5, 2, true, PagePosition.AtEndOfNewer)]
    internal void Locate_compares_the_times_of_a_page(int offset, int newer, bool isShort, PagePosition expected) =>
        Assert.Equal(expected, TimeCursor.Locate(Page("9", "a") with { Offset = offset, IsShort = isShort }, newer));

    [Fact]
    public void Recognizes_remembered_jobs_and_jobs_newer_than_all_of_them()
    {
        _cursor.Advance([At(9, "9"), At(7, "a")]);

        Assert.True(_cursor.Recognizes(Page("8", "a") with { Offset = 5 }, newer: 0));
        Assert.True(_cursor.Recognizes(Page("8", "a") with { Offset = 0 }, newer: 1));
        Assert.False(_cursor.Recognizes(Page("8", "a") with { Offset = 5 }, newer: 1));
        Assert.True(_cursor.Recognizes(Page("8", "9", "a") with { Offset = 5 }, newer: 2));
        Assert.True(_cursor.Recognizes(new WalkPage(5, 10, [At(10), At(9, "other")], IsShort: false), newer: 2));
    }

    [Fact]
    public void HasYielded_searches_the_last_tie_group_only()
    {
        _cursor.Advance([At(9, "9"), At(7, "a")]);
        Assert.True(_cursor.HasYielded(At(7, "a")));
        Assert.False(_cursor.HasYielded(At(9, "9")));

        // More jobs than are remembered.
        _cursor.Advance([.. Enumerable.Range(0, 2_048).Select(number => At(7, $"{number}"))]);
        Assert.True(_cursor.HasYielded(At(7, "2047")));
        Assert.False(_cursor.HasYielded(At(7, "a")));
    }

    private static long Ticks(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second).UtcTicks;

    private static Job At(int second, string? taskId = null) => new() { TaskId = taskId ?? $"{second}-{Guid.NewGuid()}", CreateTime = DateTimeOffset.UnixEpoch.AddSeconds(second) };

    // A digit is the second of the job; a letter is a job of the tie group of second 7.
    private static WalkPage Page(params string[] taskIds) =>
        new(Offset: 3, Limit: 10, [.. taskIds.Select(taskId => At(char.IsDigit(taskId[0]) ? taskId[0] - '0' : 7, taskId))], IsShort: false);
}
