namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class ListWalkPropertyTests
{
    private const int Walks = 600 / PropertyRuns.Divisor;

    /// <summary>Each family of stories, with a deliberately broken walk that the stories must detect.</summary>
    public static TheoryData<StoryFamily> Families { get; } = [.. Enum.GetValues<StoryFamily>()];

    [Theory]
    [MemberData(nameof(Families))]
    public void L1_L2_L6_Walk_yields_each_survivor_once_or_throws(StoryFamily family)
    {
        int aborted = 0, ordinary = 0;
        for (int seed = 0; seed < Walks; seed++)
        {
            var story = new WalkStory(seed, family);
            bool isAborted = !Run(story, seed);
            string? wrong = Wrong(story);

            Assert.True(wrong is null, $"Seed {seed}: {wrong} ({story}).");
            aborted += isAborted && !story.IsWild ? 1 : 0;
            ordinary += story.IsWild ? 0 : 1;
        }

        // A walk aborts only while the list keeps changing, in at most 0.5% of the stories that are not wild. With large groups without a stable order, a
        // walk may not be able to prove that it read the whole group.
        int percent = family is StoryFamily.UnstableTiesLargerThanPages ? 5 : 0;
        Assert.True(aborted <= Math.Max(1, ordinary * ((2 * percent) + 1) / 200), $"{aborted} of {ordinary} walks aborted.");
    }

    [Fact]
    public void L3_Requests_of_the_first_stories_change_for_a_reason_only()
    {
        // Measured. Another strategy may have another cost.
        Assert.Equal((11_140L, 94_795L, 2_980L), CostOf(Enumerable.Range(0, 200), seed => new WalkStory(seed)));
    }

    [Theory]
    [InlineData(StoryFamily.Strict, 1_512, 27_025, 553)]
    [InlineData(StoryFamily.Ties, 1_423, 17_658, 495)]
    [InlineData(StoryFamily.TiesLargerThanPages, 3_666, 11_185, 808)]
    [InlineData(StoryFamily.UnstableTiesLargerThanPages, 10_501, 32_116, 3_482)]
    [InlineData(StoryFamily.LateArrivals, 2_199, 54_011, 878)]
    [InlineData(StoryFamily.ReusedIds, 2_199, 54_011, 878)]
    [InlineData(StoryFamily.TimesStepBack, 1_470, 27_117, 630)]
    [InlineData(StoryFamily.MissingTimes, 1_533, 24_911, 662)]
    [InlineData(StoryFamily.NoTimes, 1_497, 24_889, 561)]
    [InlineData(StoryFamily.OldestFirst, 2_736, 27_098, 131)]
    public void L3_Requests_of_each_family_change_for_a_reason_only(StoryFamily family, long requests, long jobsRead, long shifts)
    {
        // Measured, as above.
        Assert.Equal((requests, jobsRead, shifts), CostOf(Enumerable.Range(1_000, 60), seed => new WalkStory(seed, family)));
    }

#if !FEW_RUNS
    [Theory]
    [MemberData(nameof(Families))]
    public void Stories_detect_plain_offset_paging(StoryFamily family) => Assert.True(HasWrong(family, WalkMutants.PlainPaging, 20));

    [Theory]
    [InlineData(StoryFamily.Ties)]
    [InlineData(StoryFamily.ReusedIds)]
    public void Stories_detect_a_walk_that_trusts_any_remembered_job(StoryFamily family) =>
        Assert.True(HasWrong(family, WalkMutants.AnchorOnly));

    [Theory]
    [InlineData(StoryFamily.Ties)]
    [InlineData(StoryFamily.UnstableTiesLargerThanPages)]
    public void Stories_detect_a_walk_that_takes_the_order_of_ties_for_stable(StoryFamily family) =>
        Assert.True(HasWrong(family, story => story.Run(WalkMutants.WithDistinctTimes)));

    [Fact]
    public void Stories_detect_a_resumed_walk_that_does_not_count_large_tie_groups() =>
        Assert.True(HasWrong(StoryFamily.UnstableTiesLargerThanPages, story => story.Run(distortResumePoint: WalkMutants.WithoutCount)));

    [Theory]
    [InlineData(StoryFamily.Strict)]
    [InlineData(StoryFamily.Ties)]
    public void Stories_detect_a_walk_that_does_not_locate_pages_in_flight(StoryFamily family) =>
        Assert.True(HasWrong(family, WalkMutants.FixedStride));

    [Fact]
    public void Stories_detect_a_resume_point_without_the_jobs_before_the_last_second() =>
        Assert.True(HasWrong(StoryFamily.TimesStepBack, story => story.Run(distortResumePoint: point => point with { Earlier = [] }), stories: 3_000));

    [Fact]
    public void Stories_detect_a_walk_that_does_not_see_times_step_back() =>
        Assert.True(HasWrong(StoryFamily.TimesStepBack, story => story.Run(WalkMutants.WithTimesThatNeverIncrease)));

    [Fact]
    public void Stories_detect_a_walk_that_takes_missing_times_for_the_oldest() =>
        Assert.True(HasWrong(StoryFamily.MissingTimes, story => story.Run(WalkMutants.WithMissingTimesAsOldest)));

    [Theory]
    [InlineData(StoryFamily.Strict)]
    [InlineData(StoryFamily.Ties)]
    public void Stories_detect_a_resume_point_without_the_jobs_of_the_last_second(StoryFamily family) =>
        Assert.True(HasWrong(family, story => story.Run(distortResumePoint: point => point with { TaskIds = ["0"] })));

    // Whether a walk is wrong in more than some of the stories. Reads no more stories than it needs.
    private static bool HasWrong(StoryFamily family, Action<WalkStory> run, int moreThan = 0, int stories = 500) =>
        Enumerable.Range(0, stories).Select(seed => new WalkStory(seed, family)).Where(story => IsWrong(story, run)).Skip(moreThan).Any();

    private static bool IsWrong(WalkStory story, Action<WalkStory> run)
    {
        try
        {
            run(story);
        }
        catch (JobListingException)
        {
            // A typed error is not wrong, unless jobs were repeated before.
        }
        catch (EndlessWalkException)
        {
            return true;
        }

        return Wrong(story) is not null;
    }
#endif

    private static (long Requests, long JobsRead, long Shifts) CostOf(IEnumerable<int> seeds, Func<int, WalkStory> create)
    {
        (long requests, long jobsRead, long shifts) = (0, 0, 0);
        foreach (int seed in seeds)
        {
            WalkStory story = create(seed);
            Run(story, seed);
            (requests, jobsRead, shifts) = (requests + story.Cost.Requests, jobsRead + story.Cost.JobsRead, shifts + story.Cost.Shifts);
        }

        return (requests, jobsRead, shifts);
    }

    private static bool Run(WalkStory story, int seed)
    {
        try
        {
            story.Run();
            return true;
        }
        catch (JobListingException)
        {
            return false;
        }
        catch (EndlessWalkException exception)
        {
            throw new InvalidOperationException($"Seed {seed}: {story}.", exception);
        }
    }

    private static string? Wrong(WalkStory story)
    {
        var once = new HashSet<string>();
        string? repeated = story.Yielded.FirstOrDefault(taskId => !once.Add(taskId) && story.Survivors.Contains(taskId));
        string? missed = story.IsCompleted ? story.Survivors.FirstOrDefault(taskId => !once.Contains(taskId)) : null;
        return repeated is not null ? $"{repeated} was repeated" : missed is not null ? $"{missed} was missed" : null;
    }
}
