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
    public void A_job_is_found_by_its_time_however_far_it_moved(long estimate, int place, int mostPages)
    {
        (WindowTarget target, int pages) = Search(List(), estimate, place);

        Assert.Equal(place, target.Place);
        Assert.InRange(pages, 1, mostPages);
    }

    [Theory]
    [InlineData(4_800, true)]
    [InlineData(3_000, false)]
    public void Without_times_a_few_pages_upwards_are_looked_at(int place, bool isFound)
    {
        (WindowTarget target, int pages) = Search([.. List().Select(job => job with { CreateTime = null })], 5_000, place);

        Assert.Equal(isFound, target.Place == place);
        Assert.Equal(!isFound, target.GaveUp);
        Assert.InRange(pages, 1, 3);
    }

    [Fact]
    public void A_deleted_job_is_proved_absent_by_its_neighbours_side_by_side()
    {
        List<Job> list = List();
        Job gone = list[5_000];
        TrackedJob tracked = Track(list, 5_000);
        list.RemoveAt(5_000);

        (WindowTarget target, int pages) = Search(list, new WindowTarget(JobKey.Of(gone), tracked, 5_000));

        Assert.True(target.IsAbsent);
        Assert.Equal(1, pages);
    }

    [Fact]
    public void A_deleted_job_whose_neighbours_are_gone_too_is_given_up_not_taken_for_absent()
    {
        List<Job> list = List();
        Job gone = list[5_000];
        TrackedJob tracked = Track(list, 5_000);
        list.RemoveRange(4_999, 3);

        (WindowTarget target, int pages) = Search(list, new WindowTarget(JobKey.Of(gone), tracked, 5_000));

        Assert.True(target.GaveUp);
        Assert.False(target.IsAbsent);
        Assert.Equal(1, pages);
    }

    [Fact]
    public void One_page_serves_neighbours_and_a_drift_found_is_applied_to_older_jobs()
    {
        List<Job> list = List();
        int[] places = [1_000, 1_010, 8_000];
        WindowTarget[] targets = [.. places.Select(place => new WindowTarget(JobKey.Of(list[place]), Track(list, place), place + 70))];
        var search = new WindowSearch(targets, PageLength);

        Assert.Equal(2, Run(search, list));
        Assert.Equal(places.Select(place => (long?)place), targets.Select(target => target.Place));
        Assert.Equal(2, WindowSearch.Count(places.Select(place => (long)place), PageLength));
    }

    [Fact]
    public void A_drift_found_tells_which_older_jobs_the_same_page_may_show()
    {
        List<Job> list = List();
        int Pages(params int[] places) =>
            Run(new WindowSearch([.. places.Select(place => new WindowTarget(JobKey.Of(list[place]), Track(list, place), place + 1_000))], PageLength), list);

        Assert.Equal(Pages(1_000, 8_000), Pages(1_000, 8_000, 8_010));
    }

    [Fact]
    public void A_job_of_the_second_in_which_a_page_begins_is_looked_for_above_it()
    {
        List<Job> list = List();
        DateTimeOffset? second = list[5_000].CreateTime;
        for (int place = 4_900; place < 5_000; place++)
        {
            list[place] = list[place] with { CreateTime = second };
        }

        // The page read first begins at 4,990.
        (WindowTarget target, int pages) = Search(list, estimate: 5_065, place: 4_960);

        Assert.Equal(4_960, target.Place);
        Assert.Equal(2, pages);
    }

    [Fact]
    public void A_window_shows_what_stands_within_the_eighth_of_a_page_behind_its_job() =>
        Assert.Equal((1, 1, 2), (WindowSearch.Count([0], PageLength), WindowSearch.Count([0, 12], PageLength), WindowSearch.Count([0, 13], PageLength)));

    private static List<Job> List() =>
        [.. Enumerable.Range(0, 10_000).Select(place => new Job { TaskId = $"{20_000 - place}", CreateTime = DateTimeOffset.UnixEpoch.AddSeconds(20_000 - place) })];

    private static TrackedJob Track(List<Job> list, int place) =>
        new() { Job = list[place], Rank = place, Above = JobKey.Of(list[place - 1]), Below = JobKey.Of(list[place + 1]) };

    private static (WindowTarget Target, int Pages) Search(List<Job> list, long estimate, int place) =>
        Search(list, new WindowTarget(JobKey.Of(list[place]), Track(list, place), estimate));

    private static (WindowTarget Target, int Pages) Search(List<Job> list, WindowTarget target) =>
        (target, Run(new WindowSearch([target], PageLength), list));

    private static int Run(WindowSearch search, List<Job> list)
    {
        int pages = 0;
        for (; search.NextOffset() is { } offset; pages++)
        {
            search.See(new WindowPage(offset, [.. list.Skip((int)offset).Take(PageLength)]));
        }

        return pages;
    }
}
