using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class WindowSearchTests
{
    private const int PageLength = 100;

    [Theory]
    [InlineData(5_000, 5_000, 1)]
    [InlineData(5_000, 4_930, 1)]
    [InlineData(5_000, 4_850, 2)]
    [InlineData(5_000, 5_100, 2)]
    [InlineData(5_000, 1_500, 8)]
    [InlineData(9_900, 20, 8)]
    [InlineData(100, 4_000, 12)]
    public void Search_finds_a_job_by_its_creation_time_however_far_it_moved(long estimate, int position, int maxPages)
    {
        (WindowTarget target, int pages) = Search(List(), estimate, position);

        Assert.Equal(position, target.Position);
        Assert.InRange(pages, 1, maxPages);
    }

    [Fact]
    public void Search_gives_up_without_a_request_when_a_job_has_no_creation_time()
    {
        (WindowTarget target, int pages) = Search([.. List().Select(job => job with { CreateTime = null })], 5_000, 5_000);

        Assert.True(target.GaveUp);
        Assert.Equal(0, pages);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000)]
    [InlineData(9_998)]
    [InlineData(9_999)]
    public void Match_proves_absence_when_a_page_starts_newer_and_ends_older(int position)
    {
        List<Job> list = List();
        Job removed = list[position];
        list.RemoveRange(Math.Max(0, position - 1), Math.Min(3, list.Count - Math.Max(0, position - 1)));

        (WindowTarget target, int pages) = Search(list, Target(removed, position));

        Assert.True(target.IsAbsent);
        Assert.InRange(pages, 1, 3);
    }

    [Theory]
    [InlineData(4_951, 5_040)]
    [InlineData(4_940, 5_025)]
    public void Match_proves_nothing_when_a_page_shows_one_side_of_a_group_of_ties(int first, int last)
    {
        List<Job> list = List();
        for (int position = first; position <= last; position++)
        {
            list[position] = list[position] with { CreateTime = list[first].CreateTime };
        }

        Job removed = list[5_000] with { TaskId = "removed" };
        WindowTarget target = Target(removed, 5_000);
        long start = last - PageLength + 1;

        // Ends in the group; starts in it.
        target.Match(new WindowPage(start, [.. list.Skip((int)start).Take(PageLength)], PageLength));
        Assert.False(target.IsAbsent);
        target.Match(new WindowPage(first, [.. list.Skip(first).Take(PageLength)], PageLength));
        Assert.False(target.IsAbsent);
        target.Match(new WindowPage(first - 1, [.. list.Skip(first - 1).Take(PageLength)], PageLength));
        Assert.True(target.IsAbsent);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(60, false)]
    public void Match_proves_absence_only_within_the_disorder_of_the_list(int disorder, bool expected)
    {
        List<Job> list = List();
        WindowTarget target = Target(list[5_000] with { TaskId = "removed" }, 5_000, disorder);

        target.Match(new WindowPage(4_950, [.. list.Skip(4_950).Take(PageLength)], PageLength));

        Assert.Equal(expected, target.IsAbsent);
    }

    [Fact]
    public void Search_gives_up_when_a_job_is_in_a_group_of_ties_larger_than_a_page()
    {
        List<Job> list = [.. List().Select((job, position) => job with { CreateTime = position is > 4_000 and < 6_000 ? DateTimeOffset.UnixEpoch.AddSeconds(15_000) : job.CreateTime })];

        (WindowTarget target, int pages) = Search(list, Target(list[5_000] with { TaskId = "removed" }, 5_000));

        Assert.True(target.GaveUp && target.IsCrowded);
        Assert.Equal(1, pages);
    }

    [Fact]
    public void Add_matches_neighbors_and_applies_the_estimate_error_to_older_jobs()
    {
        List<Job> list = List();
        int[] positions = [1_000, 1_010, 8_000];
        WindowTarget[] targets = [.. positions.Select(position => Target(list[position], position + 70))];
        var search = new WindowSearch(targets, PageLength);

        Assert.Equal(2, Run(search, list));
        Assert.Equal(positions.Select(position => (long?)position), targets.Select(target => target.Position));
        Assert.Equal(2, WindowSearch.Count(positions.Select(position => (long)position), PageLength));
    }

    [Fact]
    public void Add_uses_the_estimate_error_to_select_older_jobs_on_the_same_page()
    {
        List<Job> list = List();
        int Pages(params int[] positions) =>
            Run(new WindowSearch([.. positions.Select(position => Target(list[position], position + 1_000))], PageLength), list);

        Assert.Equal(Pages(1_000, 8_000), Pages(1_000, 8_000, 8_010));
    }

    [Fact]
    public void Search_reads_before_a_page_that_starts_in_the_second_of_the_job()
    {
        List<Job> list = List();
        DateTimeOffset? second = list[5_000].CreateTime;
        for (int position = 4_900; position < 5_000; position++)
        {
            list[position] = list[position] with { CreateTime = second };
        }

        // The first page starts at 4,990.
        (WindowTarget target, int pages) = Search(list, estimate: 5_065, position: 4_960);

        Assert.Equal(4_960, target.Position);
        Assert.Equal(2, pages);
    }

    [Fact]
    public void Count_counts_one_window_for_jobs_within_an_eighth_of_a_page() =>
        Assert.Equal((1, 1, 2), (WindowSearch.Count([0], PageLength), WindowSearch.Count([0, 12], PageLength), WindowSearch.Count([0, 13], PageLength)));

    [Fact]
    public void Offsets_of_searches_change_for_a_reason_only()
    {
        List<Job> list = List();
        long pages = 0, offsets = 0, found = 0;
        foreach (int position in (int[])[0, 1, 99, 100, 5_000, 9_899, 9_999])
        {
            foreach (int distance in (int[])[-4_000, -900, -130, -76, -75, -1, 0, 1, 24, 25, 100, 700, 5_000])
            {
                var search = new WindowSearch([Target(list[position], Math.Max(0, position + distance)), Target(list[Math.Min(9_999, position + 40)], Math.Max(0, position + distance + 40))], PageLength);
                List<long> read = Read(search, list);
                (pages, offsets) = (pages + read.Count, offsets + read.Sum());
                found += search.Targets.Sum(target => target.Position ?? 0);
            }
        }

        // Measured. Another strategy may read other pages.
        Assert.Equal((286L, 1_479_000L, 655_668L), (pages, offsets, found));
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(10, 99, true)]
    [InlineData(10, 98, false)]
    public void StartsNewerThan_and_EndsOlderThan_allow_for_the_disorder(int offset, int secondsOlder, bool startsNewer)
    {
        // From second 300 down to second 201, with a disorder of 98 seconds.
        var page = new WindowPage(offset, [.. Enumerable.Range(0, 100).Select(position => new Job { TaskId = $"{position}", CreateTime = DateTimeOffset.UnixEpoch.AddSeconds(300 - position) })], PageLength);
        long disorder = 98 * TimeSpan.TicksPerSecond;

        Assert.Equal(startsNewer, page.StartsNewerThan(DateTimeOffset.UnixEpoch.AddSeconds(300 - secondsOlder).UtcTicks, disorder));
        Assert.True(page.EndsOlderThan(DateTimeOffset.UnixEpoch.AddSeconds(300).UtcTicks, disorder));
        Assert.False(page.EndsOlderThan(DateTimeOffset.UnixEpoch.AddSeconds(299).UtcTicks, disorder));
    }

    [Fact]
    public void Page_with_less_than_two_jobs_is_the_last()
    {
        Job[] jobs = [new Job { TaskId = "1" }, new Job { TaskId = "2" }];

        Assert.Equal((true, true), (new WindowPage(5, [], PageLength).IsLast, new WindowPage(5, [], PageLength).IsEmpty));
        Assert.Equal((true, false), (new WindowPage(5, jobs[..1], PageLength).IsLast, new WindowPage(5, jobs[..1], PageLength).IsEmpty));
        Assert.False(new WindowPage(5, jobs, PageLength).IsLast);
        Assert.False(new WindowPage(5, jobs[..1], pageLength: 1).IsLast);
        Assert.Equal((5, 7, 6), (new WindowPage(5, jobs, PageLength).Offset, new WindowPage(5, jobs, PageLength).End, new WindowPage(5, jobs, PageLength).PositionOf(JobKey.Of("2"))));
    }

    private static List<Job> List() =>
        [.. Enumerable.Range(0, 10_000).Select(position => new Job { TaskId = $"{20_000 - position}", CreateTime = DateTimeOffset.UnixEpoch.AddSeconds(20_000 - position) })];

    private static WindowTarget Target(Job job, long estimate, int disorder = 0) =>
        new(JobKey.Of(job), new TrackedJob { Job = job, RelativePosition = 0 }, estimate, disorder * TimeSpan.TicksPerSecond);

    private static (WindowTarget Target, int Pages) Search(List<Job> list, long estimate, int position) => Search(list, Target(list[position], estimate));

    private static (WindowTarget Target, int Pages) Search(List<Job> list, WindowTarget target) =>
        (target, Run(new WindowSearch([target], PageLength), list));

    private static int Run(WindowSearch search, List<Job> list) => Read(search, list).Count;

    // Returns the offsets of the pages.
    private static List<long> Read(WindowSearch search, List<Job> list)
    {
        List<long> offsets = [];
        while (search.NextOffset() is { } offset)
        {
            offsets.Add(offset);
            search.Add(new WindowPage(offset, [.. list.Skip((int)offset).Take(PageLength)], PageLength));
        }

        return offsets;
    }
}
