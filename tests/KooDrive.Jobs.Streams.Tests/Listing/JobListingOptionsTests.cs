using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Configuration;

namespace KooDrive.Jobs.Streams.Tests.Listing;

public class JobListingOptionsTests
{
    [Fact]
    public void ListJobs_reports_every_error_together_before_it_is_enumerated()
    {
        using JobsClient client = TestClients.Create();
        var options = new JobListingOptions { PageSize = 1, MaxJobs = 0, PagesInFlight = 33, StartOffset = -1 };

        JobsOptionsException error = Assert.Throws<JobsOptionsException>(() => client.ListJobs(options: options));

        Assert.Equal(
            [
                "PageSize is 1: it must be 2 to 100 jobs.",
                "MaxJobs is 0: it must be 1 or more jobs.",
                "PagesInFlight is 33: it must be 1 to 32 pages.",
                "StartOffset is -1: it must be 0 or more jobs.",
            ],
            error.Failures);
        Assert.Equal("options", error.ParamName);
    }

    [Theory]
    [InlineData(2, 1L, 1, 0L)]
    [InlineData(100, long.MaxValue, 32, long.MaxValue)]
    [InlineData(100, null, 1, 0L)]
    public void ListJobs_accepts_the_limits_themselves(int pageSize, long? maxJobs, int pagesInFlight, long startOffset)
    {
        using JobsClient client = TestClients.Create();

        client.ListJobs(options: new()
        {
            PageSize = pageSize,
            MaxJobs = maxJobs,
            PagesInFlight = pagesInFlight,
            StartOffset = startOffset,
        });
    }

    [Fact]
    public void Configuration_binds_every_option()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["PageSize"] = "1",
                ["MaxJobs"] = "0",
                ["PagesInFlight"] = "8",
                ["StartOffset"] = "5",
                ["ServerRejectsOffsetZero"] = "true",
                ["TrustShortPages"] = "true",
            })
            .Build();
        JobListingOptions options = configuration.Get<JobListingOptions>()!;
        using JobsClient client = TestClients.Create();

        Assert.Equal((1, 0, 8, 5), (options.PageSize, options.MaxJobs, options.PagesInFlight, options.StartOffset));
        Assert.True(options.ServerRejectsOffsetZero && options.TrustShortPages);
        Assert.Equal(2, Assert.Throws<JobsOptionsException>(() => client.ListJobs(options: options)).Failures.Count);
    }

    [Fact]
    public async Task ListJobs_ignores_later_changes_of_the_options()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler);
        var options = new JobListingOptions { PageSize = 10, StartOffset = 7 };

        JobListing listing = client.ListJobs(options: options);
        (options.PageSize, options.StartOffset) = (1, -1);
        await listing.CountAsync(TestClients.Cancellation);

        Assert.Equal("?offset=7&limit=10", handler.Requests[0].RequestUri!.Query);
    }

    [Fact]
    public async Task ListJobs_reports_the_progress_of_each_enumeration()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler);
        var reports = new List<JobListingProgress>();

        JobListing listing = client.ListJobs(progress: new Recorder(reports));
        await listing.CountAsync(TestClients.Cancellation);
        await listing.CountAsync(TestClients.Cancellation);

        Assert.Equal([new() { PageCount = 1, RequestCount = 1 }, new() { PageCount = 1, RequestCount = 1 }], reports);
    }

    private sealed class Recorder(List<JobListingProgress> reports) : IProgress<JobListingProgress>
    {
        public void Report(JobListingProgress value) => reports.Add(value);
    }
}
