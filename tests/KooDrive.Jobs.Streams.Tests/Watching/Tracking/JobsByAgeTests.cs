using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class JobsByAgeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whatever is added, forgotten, taken back, moved or seen in between, the snapshot is what sorting everything anew gives.</summary>
    [Property(MaxTest = 1_000, Replay = "20260101,1")]
    public void Snapshot_is_what_sorting_everything_gives(int[] script)
    {
        var byAge = new JobsByAge();
        List<TrackedJob> all = [];
        HashSet<TrackedJob> remembered = [];
        foreach (int step in script)
        {
            var random = new Random(step);
            TrackedJob? some = all.Count > 0 ? all[random.Next(all.Count)] : null;
            switch (random.Next(8), some)
            {
                case (0 or 1 or 2 or 3, _) or (_, null):
                    TrackedJob added = Create(all.Count, random);
                    all.Add(added);
                    remembered.Add(added);
                    byAge.Add(added);
                    break;
                case (4, _):
                    remembered.Remove(some);
                    JobsByAge.Forget(some);
                    break;
                case (5, _):
                    if (remembered.Add(some))
                    {
                        byAge.Add(some);
                    }

                    break;
                case (6, _):
                    some.Rank = random.Next(100);
                    some.WasSeen = true;
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
            TrackedJob[] expected = [.. remembered.Where(tracked => tracked.WasSeen).OrderBy(tracked => tracked.Job.CreateTime).ThenByDescending(tracked => tracked.Rank)];
            Dictionary<string, TrackedJob> tracked = expected.ToDictionary(one => one.Job.TaskId);
            Assert.Equal(expected.Length, snapshot.Length);
            Assert.Equal(
                expected.Select(one => (one.Job.CreateTime, one.Rank)),
                snapshot.Select(job => (job.CreateTime, tracked[job.TaskId].Rank)));
        }
    }

    [Fact]
    public void A_job_that_was_left_out_can_be_taken_back()
    {
        var byAge = new JobsByAge();
        TrackedJob tracked = Create(0, new Random(1));
        tracked.WasSeen = true;
        byAge.Add(tracked);
        Assert.Single(byAge.Snapshot());
        JobsByAge.Forget(tracked);
        Assert.Empty(byAge.Snapshot());

        byAge.Add(tracked);

        Assert.Single(byAge.Snapshot());
    }

    private static TrackedJob Create(int number, Random random) => new()
    {
        Job = new Job { TaskId = $"{number + 1}", CreateTime = random.Next(6) == 0 ? null : Start.AddSeconds(random.Next(5)) },
        Rank = random.Next(100),
        WasSeen = random.Next(4) > 0,
    };
}
