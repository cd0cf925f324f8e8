using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class JobsByAgeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>After any sequence of additions, removals, moves and observations, the snapshot equals a full sort.</summary>
    [Property(MaxTest = 1_000, Replay = "20260101,1")]
    public void Snapshot_equals_a_full_sort(int[] script)
    {
        var byAge = new JobsByAge();
        List<TrackedJob> all = [];
        HashSet<TrackedJob> trackedJobs = [];
        foreach (int step in script)
        {
            var random = new Random(step);
            TrackedJob? some = all.Count > 0 ? all[random.Next(all.Count)] : null;
            switch (random.Next(8), some)
            {
                case (0 or 1 or 2 or 3, _) or (_, null):
                    TrackedJob added = Create(all.Count, random);
                    all.Add(added);
                    trackedJobs.Add(added);
                    byAge.Add(added);
                    break;
                case (4, _):
                    trackedJobs.Remove(some);
                    JobsByAge.Remove(some);
                    break;
                case (5, _):
                    if (trackedJobs.Add(some))
                    {
                        byAge.Add(some);
                    }

                    break;
                case (6, _):
                    some.RelativePosition = random.Next(100);
                    some.WasObserved = true;
                    break;
                default:
                    some.Job = some.Job with { CreateTime = Start.AddSeconds(random.Next(5)) };
                    break;
            }

            if (random.Next(3) == 0)
            {
                Check();
            }
        }

        Check();

        void Check()
        {
            Job[] snapshot = byAge.Snapshot();
            TrackedJob[] expected = [.. trackedJobs.Where(tracked => tracked.WasObserved).OrderBy(tracked => tracked.Job.CreateTime).ThenByDescending(tracked => tracked.RelativePosition)];
            Dictionary<string, TrackedJob> tracked = expected.ToDictionary(one => one.Job.TaskId);
            Assert.Equal(expected.Length, snapshot.Length);
            Assert.Equal(
                expected.Select(one => (one.Job.CreateTime, one.RelativePosition)),
                snapshot.Select(job => (job.CreateTime, tracked[job.TaskId].RelativePosition)));
        }
    }

    [Fact]
    public void Add_restores_a_removed_job()
    {
        var byAge = new JobsByAge();
        TrackedJob tracked = Create(0, new Random(1));
        tracked.WasObserved = true;
        byAge.Add(tracked);
        Assert.Single(byAge.Snapshot());
        JobsByAge.Remove(tracked);
        Assert.Empty(byAge.Snapshot());

        byAge.Add(tracked);

        Assert.Single(byAge.Snapshot());
    }

    private static TrackedJob Create(int number, Random random) => new()
    {
        Job = new Job { TaskId = $"{number + 1}", CreateTime = random.Next(6) == 0 ? null : Start.AddSeconds(random.Next(5)) },
        RelativePosition = random.Next(100),
        WasObserved = random.Next(4) > 0,
    };
}
