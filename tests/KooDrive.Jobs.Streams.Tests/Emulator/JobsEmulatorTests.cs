using System.Globalization;
using System.Net;
using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class JobsEmulatorTests
{
    [Fact]
    public async Task StartAsync_starts_several_emulators_on_loopback()
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
    public async Task StartAsync_uses_the_specified_port_and_throws_when_it_is_in_use()
    {
        JobsEmulator first = await StartAsync();
        var samePort = new JobsEmulatorOptions { Port = first.Endpoint.Port };

        await Assert.ThrowsAsync<IOException>(() => StartAsync(samePort));
        await first.DisposeAsync();

        await using JobsEmulator second = await StartAsync(samePort);
        Assert.Equal(first.Endpoint, second.Endpoint);
    }

    [Fact]
    public async Task DisposeAsync_stops_the_emulator_and_can_be_called_again()
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
    public async Task StartAsync_reports_every_invalid_option_together()
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
            "Port", "UserId", "AccessToken", "AuthorizationPrefix", "AppId", "AppSecret", "TokenLifetime", "MaxPageSize",
            "TimestampOffset", "Preset", "SampleJobCount", "Speed", "ScriptedJobCount", "RequestLogCapacity",
        ];
        Assert.All(names, name => Assert.Contains($" {name} ", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartAsync_ignores_later_changes_of_the_options()
    {
        var options = new JobsEmulatorOptions();
        await using JobsEmulator emulator = await StartAsync(options);
        using var client = new PlainClient(emulator);

        options.UserId = "another";

        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());
    }

    [Fact]
    public async Task SampleJobCount_adds_finished_and_unfinished_jobs()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 200, Seed = 5 });

        Assert.Equal(200, emulator.Jobs.Count);
        Assert.Equal([0, 1, 0, 1], emulator.Jobs.Snapshot().TakeWhile(job => !job.IsFinished).Select(job => job.Status));
        Assert.Equal(196, emulator.Jobs.Snapshot().Count(job => job.IsFinished));
    }

    [Fact]
    public async Task Sample_jobs_have_the_same_ids_at_each_start_and_new_jobs_have_greater_ones()
    {
        string[] first = await TaskIdsAsync(new() { SampleJobCount = 250 }, DateTimeOffset.UnixEpoch.AddYears(56));
        string[] second = await TaskIdsAsync(new() { SampleJobCount = 250 }, DateTimeOffset.UnixEpoch.AddYears(57));
        string[] other = await TaskIdsAsync(new() { SampleJobCount = 250, Seed = 2 }, DateTimeOffset.UnixEpoch.AddYears(57));

        Assert.Equal(first[1..], second[1..]);
        Assert.NotEqual(first[1..], other[1..]);
        Assert.NotEqual(first[0], second[0]);
        Assert.Equal(first.Order(StringComparer.Ordinal).Reverse(), first);

        static async Task<string[]> TaskIdsAsync(JobsEmulatorOptions options, DateTimeOffset now)
        {
            await using JobsEmulator emulator = await JobsEmulator.StartAsync(options, new FakeTimeProvider(now), TestContext.Current.CancellationToken);
            emulator.Jobs.Add(taskType: 2);
            return [.. emulator.Jobs.Snapshot().Select(job => job.TaskId)];
        }
    }

    [Fact]
    public async Task Sample_jobs_have_plausible_ages_and_durations()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 250 }, clock, TestContext.Current.CancellationToken);
        IReadOnlyList<EmulatedJob> jobs = emulator.Jobs.Snapshot();
        DateTimeOffset[] created = [.. jobs.Select(job => Parse(job.CreateTime)!.Value)];

        Assert.Equal(created.OrderDescending(), created);
        Assert.All(created, time => Assert.InRange(time, clock.GetUtcNow().AddDays(-1), clock.GetUtcNow()));
        Assert.True(created[0] - created[^1] > TimeSpan.FromHours(1));
        Assert.Contains(created.Zip(created.Skip(1)), pair => pair.First == pair.Second);
        Assert.All(jobs, job => Assert.True(Parse(job.CreateTime) <= (Parse(job.BeginTime) ?? clock.GetUtcNow()) && (Parse(job.EndTime) ?? clock.GetUtcNow()) <= clock.GetUtcNow()));
        double[] seconds = [.. jobs.Where(job => job.Status == 2).Select(job => (Parse(job.EndTime) - Parse(job.BeginTime))!.Value.TotalSeconds)];
        Assert.All(seconds, duration => Assert.InRange(duration, 0, 600));
        Assert.True(seconds.Distinct().Count() > 20);

        static DateTimeOffset? Parse(string? time) =>
            time is null ? null : DateTimeOffset.ParseExact(time, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    private static Task<JobsEmulator> StartAsync(JobsEmulatorOptions? options = null) =>
        JobsEmulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
}
