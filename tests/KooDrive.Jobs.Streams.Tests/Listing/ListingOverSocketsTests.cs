using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Listing;

public class ListingOverSocketsTests
{
    private static readonly JobListingOptions SmallPages = new() { PageSize = 20 };

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ListJobs_yields_each_job_once_when_the_list_changes_before_each_response(int pagesInFlight)
    {
        await using JobsEmulator emulator = await StartAsync(jobs: 1_000);
        HashSet<string> survivors = [.. emulator.Jobs.Snapshot().Select(job => job.TaskId)];
        var random = new Random(pagesInFlight);
        var gate = new Lock();
        emulator.BeforeResponse = (_, _) =>
        {
            lock (gate)
            {
                for (int i = random.Next(3); i > 0; i--)
                {
                    emulator.Jobs.Add(taskType: 2);
                }

                for (int i = random.Next(3); i > 0; i--)
                {
                    IReadOnlyList<EmulatedJob> jobs = emulator.Jobs.Snapshot();
                    string taskId = jobs[random.Next(jobs.Count)].TaskId;
                    emulator.Jobs.Remove(taskId);
                    survivors.Remove(taskId);
                }
            }

            return ValueTask.CompletedTask;
        };
        using JobsClient client = Client(emulator, new AccessTokenCredential("emulator-access-token"));

        List<string> yielded = await client.ListJobs(options: new() { PageSize = 20, PagesInFlight = pagesInFlight }).Select(job => job.TaskId).ToListAsync(TestEnd);

        Assert.Equal(yielded.Count, yielded.Distinct().Count());
        Assert.Superset(survivors, yielded.ToHashSet());
    }

    [Fact]
    public async Task ListJobs_filters_on_the_server()
    {
        await using JobsEmulator emulator = await StartAsync(jobs: 500);
        using JobsClient client = Client(emulator, new AccessTokenCredential("emulator-access-token"));

        List<string> yielded = await client
            .ListJobs(new JobQuery { Type = JobType.BatchDeletion, Status = JobStatus.Completed }, SmallPages)
            .Select(job => job.TaskId)
            .ToListAsync(TestEnd);

        Assert.NotEmpty(yielded);
        Assert.Equal(emulator.Jobs.Snapshot(taskType: 2, status: 2).Select(job => job.TaskId), yielded);
        Assert.All(emulator.Requests.Snapshot(), request => Assert.Equal((2L, 2L), (request.Type, request.Status)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task ListJobs_continues_with_a_new_token_when_the_token_expires(int pagesInFlight)
    {
        await using JobsEmulator emulator = await StartAsync(jobs: 1_000);
        int given = 0;
        emulator.Credentials.ReplaceTokens("token-1");
        var credential = new AccessTokenCredential(_ => ValueTask.FromResult($"token-{Interlocked.Increment(ref given)}"));
        emulator.BeforeResponse = (request, _) =>
        {
            if (request.Number == 20)
            {
                emulator.Credentials.ReplaceTokens("token-2");
            }

            return ValueTask.CompletedTask;
        };
        using JobsClient client = Client(emulator, credential);

        List<string> yielded = await client.ListJobs(options: new() { PageSize = 20, PagesInFlight = pagesInFlight }).Select(job => job.TaskId).ToListAsync(TestEnd);

        Assert.Equal(emulator.Jobs.Snapshot().Select(job => job.TaskId), yielded);
        Assert.Equal(2, given);
        Assert.Contains(emulator.Requests.Snapshot(), request => request.StatusCode == 401);
    }

    [Fact]
    public async Task ListJobs_throws_with_a_resume_point_when_the_token_is_rejected()
    {
        await using JobsEmulator emulator = await StartAsync(jobs: 200);
        emulator.BeforeResponse = (request, _) =>
        {
            if (request.Number == 4)
            {
                emulator.Credentials.ReplaceTokens("another");
            }

            return ValueTask.CompletedTask;
        };
        List<string> yielded = [];
        using JobsClient client = Client(emulator, new AccessTokenCredential("emulator-access-token"));
        JobsAuthenticationException failure = await Assert.ThrowsAsync<JobsAuthenticationException>(async () =>
        {
            await foreach (Job job in client.ListJobs(options: SmallPages).WithCancellation(TestEnd))
            {
                yielded.Add(job.TaskId);
            }
        });
        Assert.NotNull(failure.Offset);
        Assert.NotNull(failure.RequestId);

        using JobsClient renewed = Client(emulator, new AccessTokenCredential("another"));
        await foreach (JobPage page in renewed.ListJobs(options: SmallPages).AsPages(failure.ResumePoint).WithCancellation(TestEnd))
        {
            yielded.AddRange(page.Jobs.Select(job => job.TaskId));
        }

        Assert.Equal(emulator.Jobs.Snapshot().Select(job => job.TaskId), yielded);
    }

    [Fact]
    public async Task ListJobs_ends_the_request_on_the_server_when_canceled()
    {
        await using JobsEmulator emulator = await StartAsync(jobs: 200);
        using JobsClient client = Client(emulator, new AccessTokenCredential("emulator-access-token"));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var ended = new TaskCompletionSource();
        emulator.BeforeResponse = async (request, requestAborted) =>
        {
            if (request.Number == 3)
            {
                await cancellation.CancelAsync();
                await Task.Delay(Timeout.Infinite, requestAborted).ContinueWith(_ => ended.SetResult(), TaskScheduler.Default);
            }
        };

        int yielded = 0;
        OperationCanceledException failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (Job job in client.ListJobs(options: SmallPages).WithCancellation(cancellation.Token))
            {
                yielded++;
            }
        });

        Assert.Equal(cancellation.Token, failure.CancellationToken);
        // Two pages, which overlap by a tie group and the job before it.
        Assert.InRange(yielded, 21, 38);
        await ended.Task.WaitAsync(TestEnd);
    }

    private static Task<JobsEmulator> StartAsync(int jobs) => JobsEmulator.StartAsync(new JobsEmulatorOptions { SampleJobCount = jobs }, cancellationToken: TestEnd);

    private static JobsClient Client(JobsEmulator emulator, JobsCredential credential) => TestClients.ToEmulator(emulator.Endpoint, options => options.RetryDelay = TimeSpan.Zero, credential);
}
