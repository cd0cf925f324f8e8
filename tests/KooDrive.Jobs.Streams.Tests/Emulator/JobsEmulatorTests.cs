using System.Net;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class JobsEmulatorTests
{
    [Fact]
    public async Task Emulators_listen_side_by_side_on_loopback()
    {
        await using JobsEmulator first = await StartAsync();
        await using JobsEmulator second = await StartAsync();

        Assert.NotEqual(first.Endpoint, second.Endpoint);
        Assert.Equal(("http", "127.0.0.1"), (first.Endpoint.Scheme, first.Endpoint.Host));
        using var client = new PlainClient(second);
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());
        Assert.Equal((0, 1), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task StartAsync_listens_on_the_port_that_is_asked_for_and_says_when_it_is_taken()
    {
        JobsEmulator first = await StartAsync();
        var samePort = new JobsEmulatorOptions { Port = first.Endpoint.Port };

        await Assert.ThrowsAsync<IOException>(() => StartAsync(samePort));
        await first.DisposeAsync();

        await using JobsEmulator second = await StartAsync(samePort);
        Assert.Equal(first.Endpoint, second.Endpoint);
    }

    [Fact]
    public async Task DisposeAsync_ends_it_and_may_be_called_again()
    {
        JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 3 });
        using var client = new PlainClient(emulator);
        await client.StatusAsync();

        await emulator.DisposeAsync();
        await emulator.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.StatusAsync());
        Assert.Equal((3, 1), (emulator.Jobs.Count, emulator.Requests.Count));
    }

    [Fact]
    public async Task StartAsync_names_every_problem_of_the_options_at_once()
    {
        var options = new JobsEmulatorOptions
        {
            Port = 65536,
            UserId = "",
            AccessToken = null!,
            AuthorizationPrefix = null!,
            AppId = "",
            AppSecret = "",
            TokenLifetime = TimeSpan.Zero,
            MaxPageSize = 101,
            TimestampOffset = TimeSpan.FromHours(15),
            Preset = (JobsEmulatorPreset)9,
            SampleJobCount = -1,
            Speed = double.NaN,
            ScriptedJobCount = -1,
            RequestLogCapacity = 0,
        };

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(options));

        string[] names =
        [
            "Port", "UserId", "AccessToken", "AuthorizationPrefix", "AppId", "AppSecret", "TokenLifetime", "LimitCap",
            "TimestampOffset", "Preset", "SampleJobs", "Speed", "ScriptedJobs", "RequestLogCapacity",
        ];
        Assert.All(names, name => Assert.Contains($" {name} ", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_are_read_at_the_start()
    {
        var options = new JobsEmulatorOptions();
        await using JobsEmulator emulator = await StartAsync(options);
        using var client = new PlainClient(emulator);

        options.UserId = "another";

        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());
    }

    [Fact]
    public async Task SampleJobs_are_those_of_an_account_where_some_work_is_going_on()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 200, Seed = 5 });

        Assert.Equal(200, emulator.Jobs.Count);
        Assert.Equal([0, 1, 0, 1], emulator.Jobs.Snapshot().TakeWhile(job => !job.IsFinished).Select(job => job.Status));
        Assert.Equal(196, emulator.Jobs.Snapshot().Count(job => job.IsFinished));
    }

    private static Task<JobsEmulator> StartAsync(JobsEmulatorOptions? options = null) =>
        JobsEmulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
}
