namespace KooDrive.Jobs.Streams.Tests.Listing.Anchoring;

public class AnchoredWalkPropertyTests
{
    private const int Walks = 10_000 / PropertyRuns.Divisor;

    [Fact]
    public void L1_L2_L6_A_walk_over_a_changing_list_yields_each_survivor_once_or_throws()
    {
        int gaveUp = 0;
        for (int seed = 0; seed < Walks; seed++)
        {
            var story = new WalkStory(seed);
            bool completed = true;
            try
            {
                story.Run();
            }
            catch (JobListingException)
            {
                completed = false;
                gaveUp += story.IsWild ? 0 : 1;
            }

            Assert.True(Wrong(story, completed) is null, $"Seed {seed}: {Wrong(story, completed)} ({story}).");
        }

        // Of the stories that are not wild, of which there are about 8,000, 25 gave up when this was written.
        Assert.True(gaveUp <= 40, $"{gaveUp} of {Walks} walks gave up.");
    }

    [Fact]
    public void L3_What_the_first_stories_cost_changes_with_a_reason_only()
    {
        (long requests, long jobsRead, long drifts) = (0, 0, 0);
        for (int seed = 0; seed < 200; seed++)
        {
            var story = new WalkStory(seed);
            try
            {
                story.Run();
            }
            catch (JobListingException)
            {
                // What it cost until then counts.
            }

            (requests, jobsRead, drifts) = (requests + story.Cost.Requests, jobsRead + story.Cost.JobsRead, drifts + story.Cost.Drifts);
        }

        // Measured. Another strategy may cost something else: less, one hopes.
        Assert.Equal((6_235L, 62_775L, 992L), (requests, jobsRead, drifts));
    }

    [Fact]
    public void The_same_stories_catch_plain_offset_paging()
    {
        int caught = 0;
        for (int seed = 0; seed < 500; seed++)
        {
            var story = new WalkStory(seed);
            story.RunPlainPaging();
            caught += Wrong(story, completed: true) is null ? 0 : 1;
        }

        Assert.True(caught > 200, $"Only {caught} of 500 walks were found out.");
    }

    private static string? Wrong(WalkStory story, bool completed)
    {
        var once = new HashSet<string>();
        string? repeated = story.Yielded.FirstOrDefault(taskId => !once.Add(taskId));
        string? missed = completed ? story.Survivors.FirstOrDefault(taskId => !once.Contains(taskId)) : null;
        return repeated is not null ? $"{repeated} was repeated" : missed is not null ? $"{missed} was missed" : null;
    }
}
