using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class JobLifeSimulatorTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task Scripted_jobs_have_every_documented_outcome_within_40_seconds()
    {
        await using JobsEmulator emulator = await StartAsync(new() { Speed = 1 });
        EmulatedJobHistory history = emulator.Jobs.RecordChanges();

        Advance(seconds: 40);

        Assert.Equal(12, emulator.Jobs.Count);
        Assert.All(emulator.Jobs.Snapshot(), job => Assert.True(job.IsFinished));
        string[] ways = [.. WaysOf(history).Values.Distinct().Order()];
        Assert.Equal(["0-1-2 (1)", "0-1-2 (2)", "0-1-2 (3)", "0-1-3 ()", "0-3 ()"], ways);
    }

    [Fact]
    public async Task Scripted_jobs_include_jobs_that_finish_between_two_polls()
    {
        await using JobsEmulator emulator = await StartAsync(new() { Speed = 1 });
        EmulatedJobHistory history = emulator.Jobs.RecordChanges();
        var seenUnfinished = new HashSet<string>();

        for (int poll = 0; poll < 80; poll++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.5));
            seenUnfinished.UnionWith(emulator.Jobs.Snapshot().Where(job => !job.IsFinished).Select(job => job.TaskId));
        }

        Assert.InRange(emulator.Jobs.Snapshot().Count(job => !seenUnfinished.Contains(job.TaskId)), 1, 3);
        Assert.Equal([20, 40, 60, 80], ProgressOf(history, job => job.TaskResultCode == 1).First(steps => steps.Length > 0));
    }

    [Fact]
    public async Task Seed_determines_the_jobs_for_any_steps_of_the_clock()
    {
        async Task<IEnumerable<EmulatedJob>> Live(int seed, TimeSpan step)
        {
            var clock = new FakeTimeProvider(_clock.GetUtcNow());
            await using JobsEmulator emulator = await JobsEmulator.StartAsync(
                new() { Speed = 1, Seed = seed, SampleJobCount = 10 }, clock, TestContext.Current.CancellationToken);
            for (TimeSpan elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromSeconds(40); elapsed += step)
            {
                clock.Advance(step);
            }

            return emulator.Jobs.Snapshot();
        }

        IEnumerable<EmulatedJob> reference = await Live(seed: 1, TimeSpan.FromSeconds(1));

        Assert.Equal(reference, await Live(seed: 1, TimeSpan.FromMilliseconds(70)));
        Assert.NotEqual(reference, await Live(seed: 2, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task ScriptedJobCount_limits_the_jobs_and_sample_jobs_finish_too()
    {
        await using JobsEmulator emulator = await StartAsync(new() { Speed = 1, SampleJobCount = 20, ScriptedJobCount = 3 });
        Assert.Contains(emulator.Jobs.Snapshot(), job => !job.IsFinished);

        Advance(seconds: 40);

        Assert.Equal(23, emulator.Jobs.Count);
        Assert.All(emulator.Jobs.Snapshot(), job => Assert.True(job.IsFinished));
    }

    [Fact]
    public async Task Speed_scales_all_times()
    {
        await using JobsEmulator emulator = await StartAsync(new() { Speed = 20 });

        Advance(seconds: 2);

        Assert.Equal(12, emulator.Jobs.Snapshot().Count(job => job.IsFinished));
    }

    [Fact]
    public async Task Speed_0_changes_no_job()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 20 });
        IReadOnlyList<EmulatedJob> before = emulator.Jobs.Snapshot();

        Advance(seconds: 60);

        Assert.Equal(before, emulator.Jobs.Snapshot());
    }

    [Fact]
    public async Task Changes_of_a_scripted_job_by_the_user_are_kept()
    {
        await using JobsEmulator emulator = await StartAsync(new() { Speed = 1, SampleJobCount = 20, ScriptedJobCount = 0 });
        string[] unfinished = [.. emulator.Jobs.Snapshot().Where(job => !job.IsFinished).Select(job => job.TaskId)];
        emulator.Jobs.Remove(unfinished[0]);
        EmulatedJob canceled = emulator.Jobs.Cancel(unfinished[1]);

        Advance(seconds: 20);

        Assert.Null(emulator.Jobs.Find(unfinished[0]));
        Assert.Equal(canceled, emulator.Jobs.Find(unfinished[1]));
    }

    [Fact]
    public async Task DisposeAsync_stops_changes_of_jobs()
    {
        JobsEmulator emulator = await StartAsync(new() { Speed = 1 });
        Advance(seconds: 5);
        await emulator.DisposeAsync();
        long version = emulator.Jobs.Version;

        Advance(seconds: 40);

        Assert.NotEqual(0, version);
        Assert.Equal(version, emulator.Jobs.Version);
    }

    private Task<JobsEmulator> StartAsync(JobsEmulatorOptions options) =>
        JobsEmulator.StartAsync(options, _clock, TestContext.Current.CancellationToken);

    private void Advance(int seconds)
    {
        for (int step = 0; step < seconds * 10; step++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }
    }

    /// <summary>The statuses that each job went through, with its result at the end.</summary>
    private static Dictionary<string, string> WaysOf(EmulatedJobHistory history) => history.Snapshot()
        .GroupBy(change => change.TaskId)
        .ToDictionary(
            changes => changes.Key,
            changes => $"{string.Join('-', changes.Select(change => change.Current!.Status).Distinct())} ({changes.Last().Current!.TaskResultCode})");

    /// <summary>The progress that each job of a kind reported while it ran.</summary>
    private static IEnumerable<int[]> ProgressOf(EmulatedJobHistory history, Func<EmulatedJob, bool> kind) => history.Snapshot()
        .GroupBy(change => change.TaskId)
        .Where(changes => kind(changes.Last().Current!))
        .Select(changes => changes.Select(change => change.Current!).Where(job => job.Status == 1).Select(job => job.Progress).OfType<int>().ToArray());
}
