using KooDrive.Jobs.Streams.Watching.Delivery;
using Microsoft.Reactive.Testing;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Delivery;

public class JobLookupsTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task ResolveAsync_resolves_every_earlier_request_with_one_walk()
    {
        int read = 0;
        JobLookups? lookups = null;
        lookups = Lookups(Walk);
        (JobLookup? first, JobLookup? twin, JobLookup? missing, JobLookup? tracked) = (new JobLookup("1"), new JobLookup("1"), new JobLookup("none"), new JobLookup("tracked"));
        new[] { first, twin, missing, tracked }.ToList().ForEach(lookups.Request);

        IReadOnlyList<(JobLookup Lookup, Job? Job)> results = await lookups.ResolveAsync(lookups.GetRequested(), [Running("tracked")], None);

        var found = results.ToDictionary(result => result.Lookup, result => result.Job);
        Assert.Equal(4, found.Count);
        Assert.Equal((Done("1"), Done("1"), null, Running("tracked")), (found[first], found[twin], found[missing], found[tracked]));
        Assert.Equal(2, read);
        Assert.Equal(["1"], lookups.GetRequested().Select(lookup => lookup.TaskId));
        Assert.NotEqual([first], lookups.GetRequested());

        async IAsyncEnumerable<Job> Walk()
        {
            await Task.CompletedTask;
            lookups!.Request(new JobLookup("1"));
            foreach (Job job in new[] { Done("2"), Done("1") })
            {
                read++;
                yield return job;
            }
        }
    }

    [Fact]
    public void Request_ignores_a_canceled_lookup()
    {
        JobLookups lookups = Lookups(() => throw new InvalidOperationException("No job was requested."));
        var lookup = new JobLookup("1");
        lookups.Cancel(lookup);
        lookups.Request(lookup);

        Assert.False(lookups.HasRequests);
        Assert.Empty(lookups.GetRequested());
    }

    [Fact]
    public async Task ResolveAsync_ends_the_walk_at_the_last_requested_job()
    {
        int read = 0;
        JobLookups lookups = Lookups(Walk);
        lookups.Request(new JobLookup("1"));

        await lookups.ResolveAsync(lookups.GetRequested(), [], None);

        Assert.Equal(1, read);
        Assert.False(lookups.HasRequests);

        async IAsyncEnumerable<Job> Walk()
        {
            await Task.CompletedTask;
            foreach (Job job in new[] { Done("1"), Done("2") })
            {
                read++;
                yield return job;
            }
        }
    }

    [Fact]
    public async Task ResolveAsync_keeps_requests_for_unfinished_untracked_jobs()
    {
        Job job = Running("1");
        JobLookups lookups = Lookups(() => new[] { job }.ToAsyncEnumerable());
        (JobLookup? lookup, JobLookup? other) = (new JobLookup("1"), new JobLookup("1"));
        lookups.Request(lookup);
        lookups.Request(other);

        await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None);
        Assert.False(lookups.HasRequests);
        Assert.Equal(2, lookups.GetRequested().Count);
        lookups.Cancel(other);
        Assert.Equal([lookup], lookups.GetRequested());
        job = Done("1");
        await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None);

        Assert.Empty(lookups.GetRequested());
    }

    [Fact]
    public void Cancel_removes_a_request()
    {
        JobLookups lookups = Lookups(() => throw new InvalidOperationException("No job was requested."));
        var lookup = new JobLookup("1");
        lookups.Request(lookup);

        lookups.Cancel(lookup);

        Assert.False(lookups.HasRequests);
        Assert.Empty(lookups.GetRequested());
    }

    [Fact]
    public async Task ResolveAsync_reports_a_missing_job_after_the_grace_period()
    {
        int walks = 0;
        var time = new TestScheduler();
        var lookups = new JobLookups(Walk, new WatchClock(time), TimeSpan.FromSeconds(30));
        lookups.Request(new JobLookup("1"));

        // The walk lasts longer than the grace period, so the job may have been listed during the walk.
        Assert.Empty(await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None));
        Assert.False(lookups.HasRequests);
        Assert.Equal(TimeSpan.Zero, lookups.DueIn);

        (JobLookup _, Job? job) = Assert.Single(await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None));
        Assert.Null(job);
        Assert.Null(lookups.DueIn);
        Assert.Equal(2, walks);

        async IAsyncEnumerable<Job> Walk()
        {
            await Task.CompletedTask;
            walks++;
            time.AdvanceBy(TimeSpan.FromSeconds(40).Ticks);
            yield break;
        }
    }

    [Fact]
    public async Task ResolveAsync_starts_no_walk_for_a_missing_job_during_the_grace_period()
    {
        int walks = 0;
        var time = new TestScheduler();
        var lookups = new JobLookups(
            () =>
            {
                walks++;
                return AsyncEnumerable.Empty<Job>();
            },
            new WatchClock(time),
            TimeSpan.FromSeconds(30));
        (JobLookup? missing, JobLookup? canceled) = (new JobLookup("1"), new JobLookup("2"));
        lookups.Request(missing);
        lookups.Request(canceled);
        Assert.Empty(await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None));
        lookups.Cancel(canceled);

        for (int poll = 0; poll < 5; poll++)
        {
            time.AdvanceBy(TimeSpan.FromSeconds(5).Ticks);
            Assert.Equal([missing], lookups.GetRequested());
            Assert.Empty(await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None));
        }

        Assert.Equal((1, TimeSpan.FromSeconds(5)), (walks, lookups.DueIn));
        Assert.Equal([(missing, Done("1"))], await lookups.ResolveAsync(lookups.GetRequested(), [Done("1")], None));
        Assert.Equal((1, null), (walks, lookups.DueIn));
    }

    [Fact]
    public async Task DueIn_is_the_time_until_the_grace_period_of_the_earliest_request_ends()
    {
        var time = new TestScheduler();
        var lookups = new JobLookups(AsyncEnumerable.Empty<Job>, new WatchClock(time), TimeSpan.FromSeconds(30));
        (JobLookup first, JobLookup second) = (new JobLookup("1"), new JobLookup("2"));
        lookups.Request(first);
        time.AdvanceBy(TimeSpan.FromSeconds(10).Ticks);
        lookups.Request(second);
        await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None);
        Assert.Equal(TimeSpan.FromSeconds(20), lookups.DueIn);

        // A lookup that is requested again keeps its grace period, and is no longer missing.
        lookups.Request(first);

        Assert.True(lookups.HasRequests);
        Assert.Equal(TimeSpan.FromSeconds(30), lookups.DueIn);
        time.AdvanceBy(TimeSpan.FromSeconds(20).Ticks);
        Assert.Equal([first], (await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None)).Select(result => result.Lookup));
    }

    [Fact]
    public async Task ResolveAsync_reports_a_found_job_that_is_deleted_without_a_grace_period()
    {
        Job[] list = [Running("1")];
        var lookups = new JobLookups(() => list.ToAsyncEnumerable(), new WatchClock(new TestScheduler()), TimeSpan.FromSeconds(30));
        var lookup = new JobLookup("1");
        lookups.Request(lookup);

        // Found twice, and then deleted.
        Assert.Equal([(lookup, Running("1"))], await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None));
        Assert.Equal([(lookup, Running("1"))], await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None));
        list = [];

        Assert.Equal([(lookup, null)], await lookups.ResolveAsync(lookups.GetRequested(), snapshot: [], None));
        Assert.Empty(lookups.GetRequested());
    }

    private static JobLookups Lookups(Func<IAsyncEnumerable<Job>> list) => new(list, new WatchClock(new TestScheduler()), TimeSpan.Zero);
}
