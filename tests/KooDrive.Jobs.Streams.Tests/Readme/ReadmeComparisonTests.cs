using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Readme;

/// <summary>Repeats the README's comparison with plain paging against the emulator.</summary>
public sealed class ReadmeComparisonTests
{
    private const int Jobs = 5_000;
    private const int PageSize = 100;
    private const int Changes = 3;

    [Theory]
    [InlineData("nothing happens", false, false, false)]
    [InlineData("3 new jobs come in", true, false, false)]
    [InlineData("3 jobs somewhere in the list are deleted", false, true, false)]
    [InlineData("both", true, true, false)]
    [InlineData("jobs of the same second change positions", false, false, true)]
    public async Task Table_compares_plain_paging_and_ListJobs_correctly(string what, bool adds, bool removes, bool shufflesTies)
    {
        string plain = await WalkAsync(adds, removes, shufflesTies, PageByOffsetAsync);
        string listJobs = await WalkAsync(adds, removes, shufflesTies, client => client.ListJobs(options: new() { PageSize = PageSize }));

        string row = $"| {what} | {plain} | {listJobs} |";
        Assert.True(ReadmeText.Content.Contains($"{row}\n", StringComparison.Ordinal), $"The README does not say: {row}");
    }

    private static async IAsyncEnumerable<Job> PageByOffsetAsync(JobsClient client)
    {
        for (long offset = 0; ; offset += PageSize)
        {
            JobPage page = await client.GetPageAsync(JobQuery.All, offset, PageSize, TestClients.Cancellation);
            foreach (Job job in page.Jobs)
            {
                yield return job;
            }

            if (page.Jobs.Count < PageSize)
            {
                yield break;
            }
        }
    }

    private static async Task<string> WalkAsync(bool adds, bool removes, bool shufflesTies, Func<JobsClient, IAsyncEnumerable<Job>> list)
    {
        var account = new JobsEmulatorOptions { SampleJobCount = 0, ShuffleTies = shufflesTies, Seed = 1 };

        // Ten jobs per second, starting in the middle of a second, so that seconds end inside pages.
        var clock = new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, 500, TimeSpan.Zero));
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(account, clock, TestClients.Cancellation);
        emulator.Jobs.Fill(Jobs);
        HashSet<string> survivors = [.. emulator.Jobs.Snapshot().Select(job => job.TaskId)];
        var random = new Random(1);
        emulator.BeforeResponse = (_, _) =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            for (int i = 0; i < Changes && adds; i++)
            {
                emulator.Jobs.Add(taskType: 2);
            }

            for (int i = 0; i < Changes && removes; i++)
            {
                IReadOnlyList<EmulatedJob> jobs = emulator.Jobs.Snapshot();
                string taskId = jobs[random.Next(jobs.Count)].TaskId;
                emulator.Jobs.Remove(taskId);
                survivors.Remove(taskId);
            }

            return ValueTask.CompletedTask;
        };
        using JobsClient client = TestClients.Create(
            options => options.Endpoint = emulator.Endpoint, TestClients.EmulatorCredential, timeProvider: clock);

        List<string> yielded = await list(client).Select(job => job.TaskId).ToListAsync(TestClients.Cancellation);

        int missed = survivors.Except(yielded).Count();
        return $"{yielded.Count - yielded.Distinct().Count()} repeated, {missed} missed, {emulator.Requests.Snapshot().Count} requests";
    }
}
