using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class AnchorSearchTests
{
    [Fact]
    public void Next_reads_before_and_after_the_first_page_in_growing_steps_and_again_in_smaller_steps()
    {
        List<long> offsets = Read(new AnchorSearch(lowestOffset: 0), start: 1_000, listLength: 2_000, pageSize: 100, remembered: 1_000);

        Assert.Equal([925, 1_075, 812, 1_188, 642, 1_358], offsets.Take(6));
        Assert.True(Covers(offsets, from: 0, to: 2_000, pageSize: 100));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void Next_never_returns_an_offset_below_the_lowest(int lowest, int expected) =>
        Assert.Equal(expected, Read(new AnchorSearch(lowest), start: 50, listLength: 300, pageSize: 20, remembered: 40).Min());

    [Fact]
    public void Next_steps_back_from_beyond_the_end_in_doubled_steps()
    {
        var search = new AnchorSearch(lowestOffset: 0);

        long?[] offsets = [search.Next(10_000, count: 0, pageSize: 100, remembered: 10), search.Next(9_900, 0, 100, 10), search.Next(9_700, 0, 100, 10)];

        Assert.Equal([9_900, 9_700, 9_300], offsets);
    }

    [Fact]
    public void Offsets_of_searches_change_for_a_reason_only()
    {
        IEnumerable<long> offsets =
            from start in (int[])[0, 1, 60, 500, 999]
            from pageSize in (int[])[1, 2, 3, 20, 100]
            from remembered in (int[])[1, 40, 200, 2_000]
            from lowest in (int[])[0, 1]
            from offset in Read(new AnchorSearch(lowest), Math.Max(lowest, start), listLength: 1_000, pageSize, remembered)
            select offset;
        (int Count, long Sum) sum = offsets.Aggregate((Count: 0, Sum: 0L), (sum, offset) => (sum.Count + 1, sum.Sum + (offset * (sum.Count % 7))));

        // Measured. Another strategy may read other pages.
        Assert.Equal((106_789, 153_704_653L), sum);
    }

    private static List<long> Read(AnchorSearch search, long start, int listLength, int pageSize, int remembered)
    {
        List<long> offsets = [];
        for (long? offset = start; offset is { } next; offset = search.Next(next, (int)Math.Clamp(listLength - next, 0, pageSize), pageSize, remembered))
        {
            Assert.True(offsets.Count < 10_000);
            offsets.Add(next);
        }

        offsets.RemoveAt(0);
        return offsets;
    }

    private static bool Covers(List<long> offsets, int from, int to, int pageSize) =>
        Enumerable.Range(from, to - from).All(index => offsets.Exists(offset => offset <= index && index < offset + pageSize));
}
