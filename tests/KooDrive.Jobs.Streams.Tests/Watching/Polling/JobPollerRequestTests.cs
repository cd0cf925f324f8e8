using KooDrive.Jobs.Streams.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>W9: the number of requests of a poll depends on new and unfinished jobs, not on the length of the list.</summary>
public class JobPollerRequestTests
{
    private const int ListLength = PropertyRuns.Divisor == 1 ? 20_000 : 2_000;
    private const int Polls = 300 / PropertyRuns.Divisor;

    [Fact]
    public async Task PollAsync_sends_one_request_when_the_account_is_idle()
    {
        var server = new InMemoryJobs();
        server.InsertMany(ListLength);
        JobPoller poller = await StartAsync(server);

        int[] requests = await PollAsync(poller, server, polls: Polls);

        Assert.All(requests, count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData(JobStatus.Processing, JobStatus.Processing, 2)]
    [InlineData(JobStatus.Pending, JobStatus.Processing, 3)]
    public async Task PollAsync_sends_few_requests_for_twenty_old_unfinished_jobs(JobStatus odd, JobStatus even, int expected)
    {
        var server = new InMemoryJobs();
        server.InsertMany(ListLength);
        for (int job = 0; job < 20; job++)
        {
            server.Change((ListLength / 40) + (job * ListLength / 21), job % 2 == 0 ? even : odd);
        }

        JobPoller poller = await StartAsync(server);

        int[] requests = await PollAsync(poller, server, polls: Polls);

        Assert.All(requests, count => Assert.Equal(expected, count));
    }

    [Fact]
    public async Task PollAsync_sends_few_requests_when_churn_is_moderate()
    {
        var random = new Random(9);
        var server = new InMemoryJobs();
        server.InsertMany(ListLength);
        for (int job = 0; job < 150; job++)
        {
            server.Change(random.Next(ListLength), (JobStatus)random.Next(2));
        }

        JobPoller poller = await StartAsync(server);

        // About two random jobs per poll are inserted, started, finished and deleted, between polls and before requests.
        void Happen()
        {
            server.Insert();
            ChangeOne(server, random, JobStatus.Pending, JobStatus.Processing);
            ChangeOne(server, random, JobStatus.Processing, JobStatus.Completed);
            server.Delete(random.Next(server.Jobs.Count));
        }

        server.BeforeRequest = () =>
        {
            if (random.Next(4) == 0)
            {
                Happen();
            }
        };
        int[] requests = await PollAsync(poller, server, polls: Polls, meanwhile: Happen);

        Array.Sort(requests);
        TestContext.Current.TestOutputHelper?.WriteLine($"median {requests[Polls / 2]}, 95th percentile {requests[Polls * 95 / 100]}, maximum {requests[^1]}, mean {requests.Average()}");
        Assert.InRange(requests[Polls / 2], 1, 5);
        Assert.InRange(requests[Polls * 95 / 100], 1, 10);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task PollAsync_observes_a_job_that_changes_status_between_the_filtered_lists(bool swapped, int expectedWindows)
    {
        var server = new InMemoryJobs();
        server.InsertMany(ListLength);
        const int Apart = ListLength / 22;
        foreach (int position in Enumerable.Range(1, 20))
        {
            server.Change(position * Apart, position == 7 ? JobStatus.Pending : JobStatus.Processing);
        }

        var options = new PollingOptions();
        IJobPages pages = new InMemoryJobsClient(server).Pages(options);
        var poller = new JobPoller(swapped ? new PagesWithFiltersSwapped(pages) : pages, options, () => default);
        await poller.PollAsync(1, TestContext.Current.CancellationToken);
        server.Requests.Clear();
        int served = 0;
        server.BeforeRequest = () =>
        {
            if (++served == 2)
            {
                server.Change(7 * Apart, JobStatus.Processing);
            }
        };

        PollOutcome outcome = await poller.PollAsync(2, TestContext.Current.CancellationToken);

        Assert.Equal(3 + expectedWindows, outcome.RequestCount);
        Assert.IsType<JobChanged>(Assert.Single(outcome.Events));
    }

    [Fact]
    public async Task PollAsync_reads_the_filtered_lists_whole_after_PollsPerFullScan_polls()
    {
        var server = new InMemoryJobs();
        server.InsertMany(ListLength);
        JobPoller poller = await StartAsync(server, new PollingOptions { PollsPerFullScan = 3 });

        int[] requests = await PollAsync(poller, server, polls: 6);

        Assert.Equal([1, 1, 3, 1, 1, 3], requests);
    }

    [Fact]
    public async Task PollAsync_counts_the_jobs_that_it_received()
    {
        var server = new InMemoryJobs();
        server.InsertMany(150);
        var watched = new WatchedServer(jobs: server);
        await watched.PollUntilIdleAsync();

        // The page is recognized.
        Assert.NotNull(watched.Poller.Tracker.UnchangedPage);
        Assert.Equal(12, (await watched.PollAsync()).JobCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PollAsync_sends_one_request_a_minute_after_thousands_of_jobs_in_a_second(bool flips)
    {
        IReadOnlyList<PollOutcome> outcomes = await PollAfterTiesAsync(PropertyRuns.Divisor == 1 ? 5_000 : 2_000, flips ? new Random(1) : null);

        Assert.All(outcomes, outcome => Assert.Empty(outcome.Events));
        // A group larger than a page is read several times when its order changes.
        Assert.All(outcomes, outcome => Assert.InRange(outcome.RequestCount, 1, flips ? 1_500 : 60));
        Assert.All(outcomes.Skip(14), outcome => Assert.Equal(1, outcome.RequestCount));
    }

    // The requests that such a group needs vary around the maximum of a poll.
    [Theory]
    [InlineData(300)]
    [InlineData(500)]
    [InlineData(700)]
    [InlineData(1_000)]
    public async Task PollAsync_publishes_at_most_one_gap_after_hundreds_of_jobs_in_a_second(int count)
    {
        IReadOnlyList<PollOutcome> outcomes = await PollAfterTiesAsync(count, new Random(2));

        JobEvent[] events = [.. outcomes.SelectMany(outcome => outcome.Events)];
        Assert.InRange(events.OfType<WatchGap>().Count(), 0, 1);
        Assert.Equal(events.OfType<WatchGap>().Count(), events.OfType<WatchSynced>().Count());
        Assert.Empty(events.OfType<JobChange>());
        Assert.All(outcomes, outcome => Assert.InRange(outcome.RequestCount, 1, 300));
        Assert.All(outcomes.Skip(14), outcome => Assert.Equal(1, outcome.RequestCount));
    }

    [Theory]
    [InlineData(3_000, 10, 33)]
    [InlineData(20_000, 100, 207)]
    public async Task PollAsync_starts_a_full_scan_without_a_gap_when_windows_exceed_the_limit(int count, int maxRequests, int maxExpectedCount)
    {
        var server = new InMemoryJobs();
        server.InsertMany(count);
        foreach (int index in Enumerable.Range(0, count / 2))
        {
            server.Change(index * 2, JobStatus.Processing);
        }

        JobPoller poller = await StartAsync(server, new PollingOptions { MaxRequestsPerPoll = maxRequests });
        for (int poll = 2; poll < 5; poll++)
        {
            PollOutcome outcome = await poller.PollAsync(poll, TestContext.Current.CancellationToken);
            Assert.Empty(outcome.Events);
            Assert.InRange(outcome.RequestCount, 1, maxExpectedCount);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public async Task PollAsync_publishes_no_gap_after_a_burst_of_deletions(int pageSize)
    {
        foreach (int index in (int[])[0, 500, 3_000])
        {
            var watched = new WatchedServer(new PollingOptions { PageSize = pageSize });
            watched.Jobs.InsertMany(8_000);
            watched.Jobs.Change(7_900, JobStatus.Processing);
            await watched.PollAsync();

            watched.Jobs.Delete(index, 4_000);
            watched.Change(watched.Jobs.Jobs[3_900].TaskId, JobStatus.Completed);
            PollOutcome outcome = await watched.PollAsync();

            Assert.IsType<JobChanged>(Assert.Single(outcome.Events));
            Assert.InRange(outcome.RequestCount, 1, 30);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public async Task PollAsync_publishes_no_gap_after_a_burst_of_insertions(int pageSize)
    {
        var watched = new WatchedServer(new PollingOptions { PageSize = pageSize, MaxRequestsPerPoll = 1_000 });
        watched.Jobs.InsertMany(2_000);
        watched.Jobs.Change(1_900, JobStatus.Processing);
        await watched.PollAsync();

        watched.Jobs.InsertMany(4_000);
        watched.Change(watched.Jobs.Jobs[5_900].TaskId, JobStatus.Completed);
        PollOutcome outcome = await watched.PollAsync();

        Assert.DoesNotContain(outcome.Events, received => received is WatchGap or WatchSynced);
        Assert.Equal(4_000, outcome.Events.OfType<JobAdded>().Select(received => received.Job.TaskId).Distinct().Count());
        Assert.Single(outcome.Events.OfType<JobChanged>());
        Assert.InRange(outcome.RequestCount, 1, (4_000 / (pageSize - 2)) + 20);
    }

    [Fact]
    public async Task Export_is_small_for_twenty_unfinished_jobs_in_a_long_list()
    {
        var server = new InMemoryJobs();
        server.InsertMany(ListLength);
        for (int job = 0; job < 20; job++)
        {
            server.Change((ListLength / 40) + (job * ListLength / 21), JobStatus.Processing);
        }

        JobPoller poller = await StartAsync(server);

        int bytes = CheckpointFormat.Write(poller.Export()).Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes");
        Assert.InRange(bytes, 1, 5_000);
    }

    [Theory]
    [InlineData(10, 12)]
    [InlineData(20_000, 12)]
    public async Task PollAsync_requests_few_jobs_when_the_account_is_idle(int count, int limit)
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(count);
        await watched.PollUntilIdleAsync();

        await watched.PollAsync();

        Assert.Equal([$" 0 {limit}"], watched.Jobs.Requests);
        Assert.NotNull(watched.Poller.Tracker.UnchangedPage);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(85)]
    public async Task PollAsync_requests_the_unfinished_jobs_near_the_head_in_one_page(int position)
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(1_000);
        watched.Jobs.Change(position, JobStatus.Processing);
        await watched.PollUntilIdleAsync();

        watched.Jobs.Change(position, JobStatus.Completed);
        PollOutcome outcome = await watched.PollAsync();

        Assert.IsType<JobChanged>(Assert.Single(outcome.Events));
        Assert.Equal([$" 0 {Math.Max(12, position + 7)}"], watched.Jobs.Requests);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 1)]
    [InlineData(12, 2)]
    [InlineData(90, 2)]
    [InlineData(150, 3)]
    public async Task PollAsync_sends_one_more_request_when_every_job_of_the_first_page_is_new(int count, int requests)
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(1_000);
        await watched.PollUntilIdleAsync();

        watched.Jobs.InsertMany(count);
        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(count, outcome.Events.OfType<JobAdded>().Count());
        Assert.Equal(requests, outcome.RequestCount);
    }

    [Fact]
    public async Task PollAsync_requests_more_jobs_while_the_account_is_busy()
    {
        var watched = new WatchedServer();
        watched.Jobs.InsertMany(1_000);
        await watched.PollUntilIdleAsync();

        List<int> requests = [];
        for (int poll = 0; poll < 20; poll++)
        {
            watched.Jobs.InsertMany(20, interval: 0);
            requests.Add((await watched.PollAsync()).RequestCount);
        }

        Assert.Equal(2, requests[0]);
        Assert.All(requests.Skip(1).Take(2), count => Assert.Equal(1, count));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(" ", requests));
    }

    [Theory]
    [InlineData(80, 2, 2, 0)]
    [InlineData(150, 2, 3, 0)]
    [InlineData(150, 1, 14, 1)]
    public async Task PollAsync_does_not_count_a_first_page_that_is_too_small_toward_the_maximum(int count, int maxRequests, int requests, int gaps)
    {
        var watched = new WatchedServer(new PollingOptions { MaxRequestsPerPoll = maxRequests });
        watched.Jobs.InsertMany(1_000);
        await watched.PollUntilIdleAsync();

        watched.Jobs.InsertMany(count);
        PollOutcome outcome = await watched.PollAsync();

        Assert.Equal(requests, outcome.RequestCount);
        Assert.Equal(gaps, outcome.Events.OfType<WatchGap>().Count());
    }

    private static async Task<IReadOnlyList<PollOutcome>> PollAfterTiesAsync(int count, Random? tieOrder)
    {
        var watched = new WatchedServer(jobs: new InMemoryJobs { TieOrder = tieOrder });
        watched.Jobs.InsertMany(1_000);
        watched.Jobs.InsertMany(count, interval: 0);
        await watched.PollAsync();

        List<PollOutcome> outcomes = [];
        for (int poll = 0; poll < 40; poll++)
        {
            outcomes.Add(await watched.PollAsync());
        }

        return outcomes;
    }

    private static async Task<JobPoller> StartAsync(InMemoryJobs server, PollingOptions? options = null)
    {
        options ??= new PollingOptions();
        var poller = new JobPoller(new InMemoryJobsClient(server).Pages(options), options, () => default);
        await poller.PollAsync(1, TestContext.Current.CancellationToken);
        return poller;
    }

    private static async Task<int[]> PollAsync(JobPoller poller, InMemoryJobs server, int polls, Action? meanwhile = null)
    {
        int[] requests = new int[polls];
        for (int poll = 0; poll < polls; poll++)
        {
            server.Now += 5;
            meanwhile?.Invoke();
            requests[poll] = (await poller.PollAsync(poll + 2, TestContext.Current.CancellationToken)).RequestCount;
        }

        return requests;
    }

    private static void ChangeOne(InMemoryJobs server, Random random, JobStatus from, JobStatus to)
    {
        int start = random.Next(server.Jobs.Count);
        for (int i = 0; i < server.Jobs.Count; i++)
        {
            int index = (start + i) % server.Jobs.Count;
            if (server.Jobs[index].Status == from)
            {
                server.Change(index, to, to is JobStatus.Completed ? JobResult.AllSucceeded : null);
                return;
            }
        }
    }
}
