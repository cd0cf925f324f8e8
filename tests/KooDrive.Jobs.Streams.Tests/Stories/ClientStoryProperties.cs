using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;

namespace KooDrive.Jobs.Streams.Tests.Stories;

/// <summary>
/// The whole client against the emulator, with random faults and changes: according to the record of the emulator, no job is lost, repeated or published wrongly,
/// neither by listings that stop and resume nor by a watch that dies and starts again from its checkpoint.
/// </summary>
public class ClientStoryProperties
{
    [Property(MaxTest = 150, Replay = "20260101,1", Arbitrary = [typeof(ClientStory)])]
    internal async Task L1_L2_L6_W1_to_W10_hold_for_the_whole_client(ClientStory story) => await StoryRun.PlayAsync(story);

    [Fact]
    public Task L1_L2_L6_W1_to_W10_hold_for_the_whole_client_in_more_stories() =>
        LongTests.RunEachAsync(ClientStory.Sample(850), story => StoryRun.PlayAsync(story));

    [Fact]
    public async Task Stories_cause_failures_deaths_and_resumptions_and_complete_listings()
    {
        List<StoryRun> runs = [];
        ClientStory[] stories = [.. ClientStory.Sample(100)];
        foreach (ClientStory story in stories)
        {
            runs.Add(await StoryRun.PlayAsync(story));
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{runs.Sum(run => run.Listings)} listings, {runs.Sum(run => run.GivenUp)} given up, {runs.Sum(run => run.Resumed)} resumed, "
            + $"{runs.Sum(run => run.Deaths)} deaths, {runs.Sum(run => run.FailedPolls)} failed polls, {runs.Sum(run => run.Events)} events, {runs.Sum(run => run.Faults)} faults");
        Assert.True(stories.Count(story => story is { ShuffleTies: true, TieSize: > 1 }) > 10);
        Assert.True(runs.Sum(run => run.Faults) > 100);
        Assert.True(runs.Sum(run => run.Resumed) > 20);
        Assert.True(runs.Sum(run => run.Deaths) > 20);
        Assert.True(runs.Sum(run => run.FailedPolls) > 5);
        Assert.True(runs.Sum(run => run.Events) > 1_000);
        Assert.InRange(runs.Sum(run => run.GivenUp), 0, runs.Sum(run => run.Listings) / 10);
    }

    [Fact]
    public async Task Stories_detect_paging_without_overlap() => await AssertIsFoundOutAsync((options, credential) => new ClientWithoutOverlap(options, credential));

    [Fact]
    public async Task Stories_detect_a_failure_treated_as_the_end_of_the_list() => await AssertIsFoundOutAsync((options, credential) => new ClientThatHidesFailures(options, credential));

    [Fact]
    public async Task Stories_detect_a_stale_page() => await AssertIsFoundOutAsync((options, credential) => new ClientWithStalePages(options, credential));

    [Fact]
    public async Task Stories_detect_an_unpublished_vanished_job() => await AssertIsFoundOutAsync(isHandedOn: received => received is not JobVanished);

    [Fact]
    public async Task Stories_detect_an_unpublished_change()
    {
        int changes = 0;
        await AssertIsFoundOutAsync(isHandedOn: received => received is not JobChanged || ++changes % 20 != 0);
    }

    private static async Task AssertIsFoundOutAsync(
        Func<JobsClientOptions, JobsCredential, JobsClient>? createClient = null, Func<JobEvent, bool>? isHandedOn = null)
    {
        foreach (ClientStory story in ClientStory.Sample(200))
        {
            try
            {
                await StoryRun.PlayAsync(story, createClient, isHandedOn);
            }
            catch (FeedException)
            {
                return;
            }
        }

        Assert.Fail("No story noticed.");
    }
}
