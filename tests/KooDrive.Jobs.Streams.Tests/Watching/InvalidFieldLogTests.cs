using System.Collections.Specialized;
using System.Globalization;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.RegularExpressions;
using System.Web;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Reactive.Testing;

namespace KooDrive.Jobs.Streams.Tests.Watching;

/// <summary>A watch of a list on which every job has an invalid value in two fields.</summary>
public sealed class InvalidFieldLogTests : IDisposable
{
    private const int Jobs = 250;
    private readonly TestScheduler _scheduler = new();
    private readonly RecordingLogger _log = new();
    private readonly StubHandler _server = new(Serve);
    private readonly JobsClient _client;

    public InvalidFieldLogTests() => _client = TestClients.Around(_server, loggerFactory: _log);

    private IEnumerable<string> Messages => _log.Entries.Where(entry => entry.EventId is 107 or 401).Select(entry => entry.Message);

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Watch_logs_an_invalid_field_once_per_poll_when_the_poll_reads_several_pages()
    {
        await using JobWatch watch = _client.WatchJobs(new JobWatchOptions { Jitter = 0 }, new JobWatchServices { Scheduler = _scheduler });
        using IDisposable subscription = watch.Events.Subscribe(_ => { });

        Advance(1);
        Assert.True(_server.Requests.Count >= 3, $"{_server.Requests.Count} requests");
        Advance(5);

        Assert.Collection(
            Messages,
            message => Assert.Matches("^Poll 1 read [0-9]{3} invalid values of the field status as absent\\. The first job with one is 250\\.$", message),
            message => Assert.Matches("^Poll 1 read [0-9]{3} invalid values of the field progress as absent\\.", message),
            message => Assert.Matches("^Poll 2 read [0-9]+ invalid values of the field status as absent\\.", message),
            message => Assert.Matches("^Poll 2 read [0-9]+ invalid values of the field progress as absent\\.", message));
    }

    [Fact]
    public async Task Watch_logs_an_invalid_field_once_in_its_first_poll_when_responses_take_time()
    {
        using var server = new YieldingHandler(_server);
        using JobsClient client = TestClients.Around(server, loggerFactory: _log);
        await using (JobWatch watch = client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromHours(1) }))
        {
            await watch.Events.OfType<PollCompleted>().FirstAsync().ToTask(TestClients.Cancellation);
        }

        Assert.Equal(2, Messages.Count());
        Assert.All(Messages, message => Assert.StartsWith("Poll 1 read ", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_logs_the_invalid_fields_of_a_lookup_with_those_of_its_poll()
    {
        await using JobWatch watch = _client.WatchJobs(new JobWatchOptions { Jitter = 0, NotFoundGracePeriod = TimeSpan.Zero }, new JobWatchServices { Scheduler = _scheduler });
        Task<Job> waiting = watch.WaitForFinishAsync("missing", TestContext.Current.CancellationToken);

        Advance(1);

        await Assert.ThrowsAsync<JobNotFoundException>(() => waiting);
        Assert.All(_log.ProblemIds, id => Assert.Equal(107, id));
        Assert.Distinct(Messages.Select(message => Regex.Replace(message, "[0-9]+ invalid", "")));
    }

    [Fact]
    public async Task Watch_logs_the_invalid_fields_of_a_poll_that_fails()
    {
        using var server = new StubHandler(Serve, _ => StubHandler.Respond(System.Net.HttpStatusCode.BadGateway, "{}"));
        using JobsClient client = TestClients.Around(server, loggerFactory: _log);
        await using JobWatch watch = client.WatchJobs(new JobWatchOptions { Jitter = 0 }, new JobWatchServices { Scheduler = _scheduler });
        using IDisposable subscription = watch.Events.Subscribe(_ => { });

        Advance(1);

        Assert.Equal(
            [
                "Poll 1 read 100 invalid values of the field status as absent. The first job with one is 250.",
                "Poll 1 read 100 invalid values of the field progress as absent. The first job with one is 250.",
            ],
            Messages);
    }

    [Fact]
    public async Task Watch_does_not_log_invalid_fields_of_pages_that_an_observer_reads()
    {
        // On the thread pool, whose work items inherit the ambient values of the code that queues them.
        await using JobWatch watch = _client.WatchJobs(new JobWatchOptions { PollInterval = TimeSpan.FromHours(1) });
        var read = new TaskCompletionSource<Task<JobPage>>(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable subscription = watch.Events.OfType<WatchSynced>().Subscribe(_ => read.TrySetResult(_client.GetAsync(limit: 10)));

        await await read.Task.WaitAsync(TestClients.Cancellation);

        Assert.Contains("The field status of 10 jobs on the page at offset 0 has an invalid value and is read as absent. The first of the jobs is 250.", Messages);
    }

    private void Advance(int seconds) => _scheduler.AdvanceBy(TimeSpan.FromSeconds(seconds).Ticks);

    private static HttpResponseMessage Serve(HttpRequestMessage request)
    {
        NameValueCollection query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        int offset = int.Parse(query["offset"]!, CultureInfo.InvariantCulture);
        int limit = int.Parse(query["limit"]!, CultureInfo.InvariantCulture);
        IEnumerable<string> jobs = Enumerable.Range(offset, Math.Clamp(Jobs - offset, 0, limit)).Select(index =>
        {
            string created = new DateTime(2026, 1, 1).AddSeconds(Jobs - index).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
            return $$"""{"taskId":"{{Jobs - index}}","status":"odd","progress":4.5,"createTime":"{{created}}"}""";
        });
        return StubHandler.Page($$"""{"code":0,"data":[{{string.Join(',', jobs)}}]}""");
    }

    private sealed class YieldingHandler(HttpMessageHandler server) : DelegatingHandler(server)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
