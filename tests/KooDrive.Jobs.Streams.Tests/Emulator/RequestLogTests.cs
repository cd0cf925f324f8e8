using System.Net;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class RequestLogTests
{
    [Fact]
    public async Task Snapshot_returns_requests_and_responses_in_order()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 30 });
        using var client = new PlainClient(emulator);
        await client.StatusAsync(PlainClient.JobsPath + "?offset=20&limit=100&type=3&status=2");
        await client.StatusAsync(PlainClient.JobsPath + "?offset=-5&limit=many");
        await client.StatusAsync(PlainClient.JobsPath + "?offset=25&limit=10");

        EmulatorRequest[] requests = [.. emulator.Requests.Snapshot()];

        Assert.Equal([1, 2, 3], requests.Select(request => request.Number));
        Assert.Equal([20, null, 25], requests.Select(request => request.Offset));
        Assert.Equal([20, 25], emulator.Requests.Offsets);
        Assert.Equal([100, null, 10], requests.Select(request => request.Limit));
        Assert.Equal((3, 2), (requests[0].Type, requests[0].Status));
        Assert.Equal("?offset=-5&limit=many", requests[1].QueryString);
        Assert.Equal([200, 400, 200], requests.Select(request => request.StatusCode));
        Assert.Equal(5, requests[2].JobCount);
        Assert.Null(requests[1].JobCount);
        Assert.Equal("#3 GET /koodrive/ose/v1/jobs?offset=25&limit=10: 200", requests[2].ToString());
    }

    [Fact]
    public async Task Headers_contain_no_secrets()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        HttpRequestMessage request = client.Request();
        request.Headers.Add("Cookie", "secret=1");
        request.Headers.Add("language", "en-US");
        await client.StatusAsync(request);

        IReadOnlyDictionary<string, string> headers = emulator.Requests.Snapshot()[0].Headers;

        Assert.Equal("en-US", headers["Language"]);
        Assert.Equal(("(hidden)", "(hidden)"), (headers["authorization"], headers["cookie"]));
        Assert.DoesNotContain(headers.Values, value => value.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_retains_the_latest_requests_and_counts_all()
    {
        await using JobsEmulator emulator = await StartAsync(new() { RequestLogCapacity = 2 });
        using var client = new PlainClient(emulator);
        for (int offset = 0; offset < 5; offset++)
        {
            await client.StatusAsync($"{PlainClient.JobsPath}?offset={offset}&limit=1");
        }

        Assert.Equal(5, emulator.Requests.Count);
        Assert.Equal([3, 4], emulator.Requests.Offsets);
        emulator.Requests.Clear();
        Assert.Equal(0, emulator.Requests.Count);
        await client.StatusAsync();
        Assert.Equal((1, 6), (emulator.Requests.Count, Assert.Single(emulator.Requests.Snapshot()).Number));
    }

    [Fact]
    public async Task InFlightCount_and_ConnectionCount_are_counted()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        using var gate = new SemaphoreSlim(0);
        emulator.BeforeResponse = async (_, cancellationToken) => await gate.WaitAsync(cancellationToken);

        Task<HttpStatusCode>[] requests = [.. Enumerable.Range(0, 3).Select(_ => client.StatusAsync())];
        await emulator.Requests.WaitForCountAsync(3, TestContext.Current.CancellationToken);
        Assert.Equal(3, emulator.Requests.InFlightCount);
        gate.Release(3);
        await Task.WhenAll(requests);
        gate.Release(1);
        await client.StatusAsync();

        Assert.Equal(3, emulator.Requests.MaxInFlightCount);
        Assert.Equal(3, emulator.Requests.ConnectionCount);
    }

    [Fact]
    public async Task BeforeResponse_can_change_the_list_before_it_is_read()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        emulator.BeforeResponse = (request, _) =>
        {
            emulator.Jobs.Add(new EmulatedJob { TaskId = $"before-{request.Number}" });
            return default;
        };

        Assert.Equal(["before-1"], await client.TaskIdsAsync("offset=0&limit=10"));
        Assert.Equal(["before-2", "before-1"], await client.TaskIdsAsync("offset=0&limit=10"));
        emulator.BeforeResponse = null;
        Assert.Equal(["before-2", "before-1"], await client.TaskIdsAsync("offset=0&limit=10"));
    }

    [Fact]
    public async Task BeforeResponse_and_predicate_exceptions_are_in_the_response()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        emulator.BeforeResponse = (_, _) => throw new InvalidOperationException("a mistake of the hook");
        Assert.Contains("a mistake of the hook", await client.TextAsync(), StringComparison.Ordinal);
        emulator.BeforeResponse = null;
        emulator.Faults.When(_ => throw new InvalidOperationException("a mistake of the predicate"), EmulatorFault.NeverRespond);
        Assert.Contains("a mistake of the predicate", await client.TextAsync(), StringComparison.Ordinal);

        Assert.Equal([500, 500], emulator.Requests.Snapshot().Select(request => request.StatusCode));
    }

    private static Task<JobsEmulator> StartAsync(JobsEmulatorOptions? options = null) =>
        JobsEmulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
}
