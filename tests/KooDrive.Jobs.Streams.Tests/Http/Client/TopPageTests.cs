using KooDrive.Jobs.Streams.Http.Client;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

/// <summary>The page with the newest jobs, which a watch recognizes by the hash of the response.</summary>
public class TopPageTests
{
    private const string TwoJobs = """{"code":0,"data":[{"taskId":"2","status":1,"createTime":"20260101000002"},{"taskId":"1","status":2,"createTime":"20260101000001"}]}""";
    private const string OtherJobs = """{"code":0,"data":[{"taskId":"2","status":2},{"taskId":"1","status":2}]}""";
    private const string InvalidField = """{"code":0,"data":[{"taskId":"2","status":"x"}]}""";

    [Fact]
    public async Task GetPageAsync_omits_the_jobs_of_a_known_response()
    {
        PageSource source = Source(TwoJobs, TwoJobs, OtherJobs);

        JobPage first = await GetAsync(source, previous: default);
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
        PageSource source = Source(InvalidField);

        Assert.Null((await GetAsync(source, previous: PageFingerprint.None)).Fingerprint);
    }

    [Fact]
    public async Task GetPageAsync_returns_no_fingerprint_when_none_is_requested()
    {
        PageSource source = Source(TwoJobs);

        Assert.Null((await source.GetAsync()).Fingerprint);
    }

    private static PageSource Source(params string[] bodies) => TestClients.Resilient(
        new StubHandler([.. bodies.Select(body => (Func<HttpRequestMessage, HttpResponseMessage>)(_ => StubHandler.Page(body)))]), TimeProvider.System);

    private static Task<JobPage> GetAsync(PageSource source, PageFingerprint? previous) =>
        source.GetPageAsync(JobQuery.All, offset: 0, limit: 12, TestClients.Cancellation, previous ?? PageFingerprint.None);
}
