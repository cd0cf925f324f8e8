using System.Net;
using System.Net.Sockets;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Hostile;

/// <summary>Whole walks against hostile servers: the complete list, or one JobsException from whose resume point the walk resumes.</summary>
public class HostileWalkTests
{
    private static readonly JobListingOptions SmallPages = new() { PageSize = 10 };

    public static TheoryData<string> Readable => [.. HostileResponse.Readable.Keys];

    public static TheoryData<string, int> Broken
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (string name in HostileResponse.Broken.Keys)
            {
                rows.Add(name, 1);
                rows.Add(name, 4);
            }

            return rows;
        }
    }

    public static TheoryData<string, int> Passing
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach ((string name, _) in HostileResponse.Broken.Where(row => row.Value.IsTransient))
            {
                rows.Add(name, 1);
                rows.Add(name, 4);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task ListJobs_is_complete_for_every_JSON_form(string row)
    {
        await using var list = new HostileList { Response = HostileResponse.Readable[row], Hits = _ => true };
        using JobsClient client = list.Client();

        Assert.Equal(HostileList.TaskIds, await ReadAsync(client.ListJobs(options: SmallPages)));
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task ListJobs_is_complete_when_every_third_response_fails(string row, int pagesInFlight)
    {
        await using var list = new HostileList { Response = HostileResponse.Broken[row], Hits = number => number % 3 == 0 };
        using JobsClient client = list.Client();

        Assert.Equal(HostileList.TaskIds, await ReadAsync(client.ListJobs(options: new() { PageSize = 10, PagesInFlight = pagesInFlight })));
        Assert.InRange(list.Requests.Count, 9, 40);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task ListJobs_throws_one_JobsException_and_resumes_from_its_resume_point(string row, int pagesInFlight)
    {
        HostileResponse response = HostileResponse.Broken[row];
        await using var list = new HostileList { Response = response, Hits = number => number > 3 };
        using JobsClient client = list.Client(options => options.MaxRetries = 1);
        JobListing listing = client.ListJobs(options: new() { PageSize = 10, PagesInFlight = pagesInFlight });
        List<string> yielded = [];

        JobsException failure = await FailAsync(listing, yielded);

        Assert.IsType(response.Failure!, failure);
        Assert.Equal(response.IsTransient, failure.IsTransient);
        Assert.Contains(response.Says, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"offset {failure.Offset}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(list.Requests, head => head.Contains($"offset={failure.Offset}&", StringComparison.Ordinal));
        Assert.Equal(response.HasRequestId, failure.RequestId is not null);
        Assert.True(failure.RequestId is null || failure.Message.Contains(failure.RequestId, StringComparison.Ordinal));
        Assert.Equal(HostileList.TaskIds.Take(yielded.Count), yielded);
        Assert.InRange(yielded.Count, 10, HostileList.Count - 1);

        list.Hits = _ => false;
        await ResumeAsync(listing, failure, yielded);
    }

    [Fact]
    public async Task ListJobs_does_not_end_when_data_is_null_once()
    {
        await using var list = new HostileList
        {
            Response = new((connection, _) => connection.SendAsync(SocketServer.Ok("""{"code":0,"data":null}"""))),
            Hits = number => number == 4,
        };
        using JobsClient client = list.Client();

        Assert.Equal(HostileList.TaskIds, await ReadAsync(client.ListJobs(options: SmallPages)));
    }

    [Fact]
    public async Task AttemptTimeout_ends_a_response_that_drips_a_byte_per_second()
    {
        var time = new FakeTimeProvider();
        using var dripped = new SemaphoreSlim(0);
        await using var list = new HostileList
        {
            Hits = number => number > 3,
            Response = new(async (connection, _) =>
            {
                await connection.SendAsync("HTTP/1.1 200 OK\r\nX-Drip: ");
                while (true)
                {
                    await connection.SendAsync("a");
                    var second = Task.Delay(TimeSpan.FromSeconds(1), time, TestClients.Cancellation);
                    dripped.Release();
                    await second;
                }
            }),
        };
        using JobsClient client = list.Client(options => options.MaxRetries = 0, time);
        JobListing listing = client.ListJobs(options: SmallPages);
        List<string> yielded = [];

        Task<JobsException> failing = FailAsync(listing, yielded);
        for (int second = 0; second < 30; second++)
        {
            await dripped.WaitAsync(TestClients.Cancellation);
            Assert.False(failing.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        JobsException failure = await failing;
        Assert.IsType<JobsConnectionException>(failure);
        Assert.Contains("30 s (AttemptTimeout)", failure.Message, StringComparison.Ordinal);
        list.Hits = _ => false;
        await ResumeAsync(listing, failure, yielded);
        time.Advance(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"code\":0,")]
    public async Task AttemptTimeout_ends_a_request_that_gets_no_response(string beginning)
    {
        var time = new FakeTimeProvider();
        await using var list = new HostileList
        {
            Hits = number => number > 3,
            Response = new(async (connection, _) =>
            {
                await connection.SendAsync(beginning);
                await connection.StallAsync();
            }),
        };
        using JobsClient client = list.Client(options => options.MaxRetries = 0, time);
        JobListing listing = client.ListJobs(options: SmallPages);
        List<string> yielded = [];

        Task<JobsException> failing = FailAsync(listing, yielded);
        await list.StalledAsync();
        time.Advance(TimeSpan.FromSeconds(30));

        JobsException failure = await failing;
        Assert.IsType<JobsConnectionException>(failure);
        Assert.Contains("30 s (AttemptTimeout)", failure.Message, StringComparison.Ordinal);
        list.Hits = _ => false;
        await ResumeAsync(listing, failure, yielded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ListJobs_waits_for_RetryAfter_and_reports_it_when_too_long(bool asDate)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        string wait = asDate ? "Thu, 01 Jan 2026 00:00:20 GMT" : "20";
        string headers = "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nRetry-After: ";
        using var throttled = new SemaphoreSlim(0);
        await using var list = new HostileList
        {
            Hits = number => number == 4,
            Response = new((connection, _) => connection.SendAsync($"HTTP/1.1 429 No\r\n{headers}{wait}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")),
        };
        using var log = new RecordingLogger { OnLog = id => { if (id == 1) { throttled.Release(); } } };
        using JobsClient client = list.Client(time: time, log: log);
        JobListing listing = client.ListJobs(options: SmallPages);

        Task<List<string>> reading = ReadAsync(listing);
        await throttled.WaitAsync(TestClients.Cancellation);
        Assert.Contains(log.Entries, entry => entry.Message.StartsWith("The page at offset 24 failed and is retried in 20 s (retry 1)", StringComparison.Ordinal));
        time.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromTicks(1));
        Assert.Equal(4, list.Requests.Count);
        await time.RunAsync(reading, TimeSpan.FromTicks(1));
        Assert.Equal(HostileList.TaskIds, await reading);

        headers = "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nX-Request-Id: r\r\nRetry-After: ";
        wait = asDate ? "Thu, 01 Jan 2026 01:00:00 GMT" : "3600";
        int before = list.Requests.Count;
        list.Hits = number => number > before + 3;
        List<string> yielded = [];
        JobsException failure = await FailAsync(listing, yielded);

        Assert.IsType<JobsThrottledException>(failure);
        Assert.Equal((TimeSpan.FromHours(1), "r"), (failure.RetryAfter, failure.RequestId));
        Assert.Contains("retry after 3600 s", failure.Message, StringComparison.Ordinal);

        // The pause that the server requested applies to the next walk too.
        list.Hits = _ => false;
        Task resuming = ResumeAsync(listing, failure, yielded);
        time.Advance(new JobsClientOptions().MaxRetryDelay);
        await resuming;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListJobs_resumes_after_the_server_was_unreachable(bool isName)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var list = new HostileList();
        using JobsClient lost = list.Client(options => options.Endpoint =
            new Uri(isName ? "https://koodrive.invalid" : $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}"));
        List<string> yielded = [];

        JobsException failure = await FailAsync(lost.ListJobs(options: SmallPages), yielded);

        Assert.IsType<JobsConnectionException>(failure);
        Assert.Equal((true, 0L, null), (failure.IsTransient, failure.Offset, failure.RequestId));
        Assert.Contains("Check Endpoint and the network", failure.Message, StringComparison.Ordinal);
        Assert.Empty(yielded);
        using JobsClient found = list.Client();
        await ResumeAsync(found.ListJobs(options: SmallPages), failure, yielded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ListJobs_sends_no_credential_to_the_host_of_a_redirect(bool callersOwnHttpClient)
    {
        await using var elsewhere = new HostileList();
        await using var list = new HostileList
        {
            Hits = number => number > 3,
            Response = new((connection, requested) => connection.SendAsync(
                $"HTTP/1.1 307 Elsewhere\r\nLocation: {elsewhere.Endpoint}koodrive/ose/v1/jobs?offset={requested.Offset}&limit={requested.Limit}\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n")),
        };
        using var follows = new HttpClient();
        using JobsClient client = callersOwnHttpClient
            ? TestClients.Create(options => options.Endpoint = list.Endpoint, httpClient: follows)
            : list.Client();
        JobListing listing = client.ListJobs(options: SmallPages);
        List<string> yielded = [];

        JobsException failure = await FailAsync(listing, yielded);

        Assert.IsType<JobsResponseException>(failure);
        Assert.Equal(callersOwnHttpClient ? 1 : 0, elsewhere.Requests.Count);
        Assert.All(elsewhere.Requests, head => Assert.DoesNotContain("Authorization", head, StringComparison.OrdinalIgnoreCase));
        Assert.All(elsewhere.Requests, head => Assert.DoesNotContain(TestClients.Token, head, StringComparison.Ordinal));
        list.Hits = _ => false;
        await ResumeAsync(listing, failure, yielded);
    }

    [Fact]
    public async Task ListJobs_is_complete_when_the_server_caps_the_limit()
    {
        await using var list = new HostileList { Response = Serving(requested => requested with { Limit = Math.Min(requested.Limit, 7) }), Hits = _ => true };
        using JobsClient client = list.Client();

        Assert.Equal(HostileList.TaskIds, await ReadAsync(client.ListJobs(options: SmallPages)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ListJobs_is_complete_when_the_server_repeats_a_page_once(int pagesInFlight)
    {
        await using var list = new HostileList { Response = Serving(requested => requested with { Offset = Math.Max(0, requested.Offset - 9) }), Hits = number => number == 4 };
        using JobsClient client = list.Client();

        Assert.Equal(HostileList.TaskIds, await ReadAsync(client.ListJobs(options: new() { PageSize = 10, PagesInFlight = pagesInFlight })));
    }

    [Fact]
    public async Task ListJobs_throws_OffsetIgnored_and_resumes_when_the_server_recovers()
    {
        await using var list = new HostileList { Response = Serving(requested => requested with { Offset = 0 }), Hits = _ => true };
        using JobsClient client = list.Client();
        JobListing listing = client.ListJobs(options: SmallPages);
        List<string> yielded = [];

        JobListingException failure = Assert.IsType<JobListingException>(await FailAsync(listing, yielded));

        Assert.Equal(JobListingFailure.OffsetIgnored, failure.Reason);
        Assert.NotNull(failure.Offset);
        Assert.Equal(HostileList.TaskIds.Take(10), yielded);
        list.Hits = _ => false;
        await ResumeAsync(listing, failure, yielded);
    }

    private static HostileResponse Serving(Func<RequestedPage, RequestedPage> change) =>
        new((connection, requested) => HostileResponse.Good.SendAsync(connection, change(requested)));

    private static async Task<List<string>> ReadAsync(JobListing listing) =>
        await listing.Select(job => job.TaskId).ToListAsync(TestClients.Cancellation);

    private static async Task<JobsException> FailAsync(JobListing listing, List<string> yielded) => await Assert.ThrowsAnyAsync<JobsException>(async () =>
    {
        await foreach (Job job in listing.WithCancellation(TestClients.Cancellation))
        {
            yielded.Add(job.TaskId);
        }
    });

    private static async Task ResumeAsync(JobListing listing, JobsException failure, List<string> yielded)
    {
        Assert.NotNull(failure.ResumePoint);
        await foreach (JobPage page in listing.AsPages(failure.ResumePoint).WithCancellation(TestClients.Cancellation))
        {
            yielded.AddRange(page.Jobs.Select(job => job.TaskId));
        }

        Assert.Equal(HostileList.TaskIds, yielded);
    }
}
