using KooDrive.Jobs.Streams.Http.Client;
using KooDrive.Jobs.Streams.Model;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

/// <summary>The page with the newest jobs, which a watch recognizes by the hash of the response.</summary>
public class TopPageTests
{
    private const string TwoJobs = """{"code":0,"data":[{"taskId":"2","status":1},{"taskId":"1","status":2}]}""";
    private const string OtherJobs = """{"code":0,"data":[{"taskId":"2","status":2},{"taskId":"1","status":2}]}""";
    private const string InvalidField = """{"code":0,"data":[{"taskId":"2","status":"x"}]}""";

    [Fact]
    public async Task GetPageAsync_omits_the_jobs_of_a_known_response()
    {
        using PageSource source = Source(TwoJobs, TwoJobs, OtherJobs);

        JobPage first = await GetAsync(source, known: default);
        JobPage same = await GetAsync(source, first.Fingerprint);
        JobPage other = await GetAsync(source, first.Fingerprint);

        Assert.Equal((2, 2), (first.Jobs.Count, first.JobCount));
        Assert.Equal((0, 2), (same.Jobs.Count, same.JobCount));
        Assert.Equal(first.Fingerprint, same.Fingerprint);
        Assert.Equal(2, other.Jobs.Count);
        Assert.NotEqual(first.Fingerprint, other.Fingerprint);
    }

    [Fact]
    public async Task GetPageAsync_returns_no_fingerprint_when_a_field_is_invalid()
    {
        using PageSource source = Source(InvalidField);

        Assert.Null((await GetAsync(source, known: default(PageFingerprint))).Fingerprint);
    }

    [Fact]
    public async Task GetPageAsync_returns_no_fingerprint_when_none_is_requested()
    {
        using PageSource source = Source(TwoJobs);

        Assert.Null((await source.GetAsync()).Fingerprint);
    }

    [Fact]
    public void Watch_reads_the_jobs_of_each_page_when_a_client_is_derived()
    {
        using var httpClient = new HttpClient(new StubHandler(_ => StubHandler.Page(TwoJobs)));
        using var client = new DerivedClient(httpClient);
        var scheduler = new TestScheduler();
        using JobWatch watch = client.WatchJobs(new JobWatchOptions { Jitter = 0 }, new JobWatchServices { Scheduler = scheduler });
        using IDisposable subscription = watch.Events.Subscribe(_ => { });

        scheduler.AdvanceBy(TimeSpan.FromMinutes(10).Ticks);

        Assert.InRange(client.Counts.Count, 100, 1_000);
        Assert.All(client.Counts, count => Assert.Equal(2, count));
    }

    private static PageSource Source(params string[] bodies) => TestClients.Resilient(
        new StubHandler([.. bodies.Select(body => (Func<HttpRequestMessage, HttpResponseMessage>)(_ => StubHandler.Page(body)))]), TimeProvider.System);

    private static Task<JobPage> GetAsync(PageSource source, PageFingerprint? known) =>
        source.GetPageAsync(JobQuery.All, offset: 0, limit: 12, TestClients.Cancellation, known ?? default);

    private sealed class DerivedClient(HttpClient httpClient) : JobsClient(TestClients.Options(), TestClients.Credential, new JobsClientServices { HttpClient = httpClient })
    {
        public List<int> Counts { get; } = [];

        public override async Task<JobPage> GetPageAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken = default)
        {
            JobPage page = await base.GetPageAsync(query, offset, limit, cancellationToken);
            if (offset == 0)
            {
                Counts.Add(page.Jobs.Count);
            }

            return page;
        }
    }
}
