using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class OffsetSearchTests
{
    [Fact]
    public void Back_steps_back_in_growing_steps_and_then_halves_the_bracket()
    {
        var search = new OffsetSearch(lowestOffset: 0, firstStepBack: 10);

        Assert.Equal([990, 950, 790], (long[])[search.Back(1_000), search.Back(990), search.Back(950)]);
        Assert.False(search.IsBracketed);
        Assert.Equal(874, search.Forward(lastOffset: 799, pageLength: 10));
        Assert.True(search.IsBracketed);
        Assert.Equal(836, search.Back(874));
    }

    [Fact]
    public void Forward_reads_the_next_page_first_and_then_steps_forward()
    {
        var search = new OffsetSearch(lowestOffset: 0, firstStepBack: 10);

        Assert.Equal([100, 220, 690], (long[])[search.Forward(100, pageLength: 10), search.Forward(200, pageLength: 10), search.Forward(610, pageLength: 10)]);
    }

    [Fact]
    public void HasChanged_is_true_when_the_bracket_is_empty()
    {
        var search = new OffsetSearch(lowestOffset: 0, firstStepBack: 10);
        search.Back(100);
        Assert.Equal(110, search.Forward(110, pageLength: 10));
        Assert.True(search.HasChanged);

        Assert.Equal(90, search.Back(100));
        Assert.True(search.HasChanged);
        Assert.False(search.IsBracketed);
    }

    [Fact]
    public void ConfirmEnd_reads_the_top_and_then_halves_the_rest()
    {
        var search = new OffsetSearch(lowestOffset: 1, firstStepBack: 10);

        Assert.Equal(1, search.ConfirmEnd(101));
        search.NoteRead(2);
        Assert.Equal(1, search.ConfirmEnd(101));
        search.NoteRead(1);
        Assert.Equal(51, search.ConfirmEnd(101));
        Assert.Equal(80, search.ConfirmNewer(Page(51, count: 10, newest: 500)));
        Assert.Null(search.ConfirmEnd(1));
        Assert.Null(search.ConfirmNewer(Page(1, count: 10, newest: 500)));
    }

    [Theory]
    [InlineData(100, 500, 110, 490, 0)]
    [InlineData(100, 500, 110, 501, 1)]
    [InlineData(100, 500, 109, 500, 0)]
    [InlineData(100, 500, 109, 501, 1)]
    [InlineData(100, 500, 108, 520, 0)]
    [InlineData(100, 500, 90, 499, 1)]
    [InlineData(100, 500, 92, 400, 0)]
    [InlineData(0, 500, 110, 491, 0)]
    [InlineData(0, 500, 110, 501, 1)]
    [InlineData(100, 500, 0, 499, 1)]
    [InlineData(100, 500, 0, 500, 0)]
    public void CountContradictions_compares_the_times_of_pages(int offset, int newest, int otherOffset, int otherNewest, int expected)
    {
        var search = new OffsetSearch(lowestOffset: 0, firstStepBack: 10);

        Assert.Equal(0, search.CountContradictions(Page(offset, 10, newest)));
        Assert.Equal(offset, search.PreviousOffset);
        Assert.Equal(expected, search.CountContradictions(Page(otherOffset, 10, otherNewest)));
        Assert.Equal(offset, search.PreviousOffset);
    }

    [Fact]
    public void CountContradictions_counts_consecutive_contradictions()
    {
        var search = new OffsetSearch(lowestOffset: 0, firstStepBack: 10);

        Assert.Equal([0, 1, 2, 0], (int[])[Count(0, 100), Count(20, 200), Count(40, 300), Count(60, 100)]);

        int Count(int offset, int newest) => search.CountContradictions(Page(offset, 10, newest));
    }

    [Fact]
    public void PreviousOffset_is_that_of_the_first_of_the_newest_pages_when_the_top_is_older()
    {
        var search = new OffsetSearch(lowestOffset: 0, firstStepBack: 10);
        search.CountContradictions(Page(50, 10, newest: 500));
        search.CountContradictions(Page(60, 10, newest: 500));
        search.CountContradictions(Page(70, 10, newest: 480));

        Assert.Equal(1, search.CountContradictions(Page(0, 10, newest: 499)));
        Assert.Equal(50, search.PreviousOffset);
    }

    [Fact]
    public void Connects_is_true_for_a_page_that_starts_with_a_job_of_the_page_before()
    {
        var search = new OffsetSearch(lowestOffset: 0, firstStepBack: 10);
        WalkPage first = Page(0, 10, newest: 500), second = Page(9, 10, newest: 491), third = Page(30, 10, newest: 470);
        search.CountContradictions(first);
        Assert.False(search.Connects(first));
        search.CountContradictions(second);

        Assert.True(search.Connects(second));
        search.CountContradictions(third);
        Assert.False(search.Connects(third));
    }

    [Fact]
    public void Offsets_change_for_a_reason_only()
    {
        (long Offsets, long Changed, long Contradictions) sum = default;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var search = new OffsetSearch(lowestOffset: seed % 2, firstStepBack: 1 + random.Next(20));
            for (int step = 0; step < 12; step++)
            {
                WalkPage page = Page(random.Next(200), 1 + random.Next(10), newest: 1_000 - random.Next(200));
                search.NoteRead(page.Offset);
                sum.Contradictions += search.CountContradictions(page) * (step + 1);
                long? offset = random.Next(4) switch
                {
                    0 => search.Back(page.Offset),
                    1 => search.Forward(page.End - 1, page.Count),
                    2 => search.ConfirmEnd(page.Offset),
                    _ => search.ConfirmNewer(page),
                };
                sum.Offsets += (offset ?? -1) * (step + 1);
                sum.Changed += (search.HasChanged ? 1 : 0) + (search.IsBracketed ? 2 : 0);
            }
        }

        // Measured. Another strategy may have other offsets.
        Assert.Equal((1_347_881L, 2_801L, 25_231L), sum);
    }

    // Each job is a second older than the job before it.
    private static WalkPage Page(int offset, int count, int newest) => new(
        offset,
        count,
        [.. Enumerable.Range(0, count).Select(index => new Job { TaskId = $"{newest - index}", CreateTime = DateTimeOffset.UnixEpoch.AddSeconds(newest - index) })],
        IsShort: false);
}
