using System.Globalization;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Emulator.Store;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class JobStoreTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void CopyPage_is_equal_to_a_plain_list_after_random_changes(int seed)
    {
        var random = new Random(seed);
        EmulatedJobStore store = NewStore();
        var model = new List<EmulatedJob>(); // Newest first.
        void Add() => model.Insert(0, store.Add(new EmulatedJob { TaskType = random.Next(0, 9), Status = random.Next(-1, 5) }));

        for (int count = 0; count < 5000; count++)
        {
            Add();
        }

        var page = new EmulatedJob[100];
        for (int step = 0; step < 1500; step++)
        {
            int index = random.Next(model.Count);
            switch (random.Next(4))
            {
                case 0:
                    Add();
                    break;
                case 1:
                    model[index] = store.Update(model[index].TaskId, job => job with { TaskType = random.Next(0, 9), Status = random.Next(-1, 5) });
                    break;
                default:
                    // Adjacent jobs too, so that whole chunks become empty.
                    EmulatedJob[] removals = [.. model.Skip(index).Take(random.Next(10))];
                    Assert.Equal(removals.Length, store.RemoveMany(removals.Select(job => job.TaskId)));
                    model.RemoveRange(index, removals.Length);
                    break;
            }

            var filter = new JobFilter(random.Next(3) == 0 ? random.Next(1, 8) : null, random.Next(3) == 0 ? random.Next(0, 4) : null);
            int offset = random.Next(model.Count + 10);
            int limit = random.Next(1, 101);
            int copied = store.CopyPage(filter, offset, page.AsSpan(0, limit));
            Assert.Equal(model.Where(filter.Matches).Skip(offset).Take(limit), page.Take(copied));
            Assert.Equal(model.Count, store.Count);
        }

        Assert.Equal(model, store.Snapshot());
        Assert.Equal(model.Where(job => job.TaskType == 3), store.Snapshot(taskType: 3));
    }

    [Fact]
    public void Add_assigns_an_id_and_a_creation_time()
    {
        EmulatedJobStore store = NewStore(TimeSpan.FromHours(8));

        EmulatedJob job = store.Add(taskType: 2, actionType: 201, contentNum: 7);

        var expected = new EmulatedJob
        {
            TaskId = job.TaskId,
            TaskType = 2,
            ActionType = 201,
            Status = 0,
            ContentNum = 7,
            CreateTime = "20260102110405",
        };
        Assert.Equal(expected, job);
        long milliseconds = long.Parse(job.TaskId, CultureInfo.InvariantCulture) >> 23;
        Assert.Equal(new DateTime(2026, 1, 2, 11, 4, 5), new DateTime(2019, 1, 1).AddMilliseconds(milliseconds));
        Assert.Equal(job, store.Find(job.TaskId));
    }

    [Fact]
    public void Add_assigns_increasing_ids_when_the_clock_stops()
    {
        EmulatedJobStore store = NewStore();
        store.Add(taskType: 1);
        store.Add(new EmulatedJob { TaskId = "3000000000000000000" });
        store.Add(taskType: 1);
        store.Fill(5);
        store.Add(taskType: 1);

        long[] ids = [.. store.Snapshot().Reverse().Select(job => long.Parse(job.TaskId, CultureInfo.InvariantCulture))];
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(9, ids.Distinct().Count());
    }

    [Fact]
    public void Store_supports_the_documented_transitions()
    {
        EmulatedJobStore store = NewStore();
        string[] ids = [.. store.AddMany(Enumerable.Repeat(new EmulatedJob { Status = 0 }, 5)).Select(job => job.TaskId)];
        _clock.Advance(TimeSpan.FromSeconds(1));

        EmulatedJob started = store.Start(ids[0]);
        Assert.Equal((1, "20260102030406", null), (started.Status, started.BeginTime, started.EndTime));
        Assert.Equal(40, store.SetProgress(ids[0], 40).Progress);
        _clock.Advance(TimeSpan.FromSeconds(1));
        EmulatedJob finished = store.Finish(ids[0], taskResultCode: 2, resultCode: 17);
        Assert.Equal((2, 2, 17, 100), (finished.Status, finished.TaskResultCode, finished.ResultCode, finished.Progress));
        Assert.Equal(("20260102030406", "20260102030407"), (finished.BeginTime, finished.EndTime));

        EmulatedJob sudden = store.Finish(ids[1]);
        Assert.Equal((2, 1, null, null), (sudden.Status, sudden.TaskResultCode, sudden.ResultCode, sudden.Progress));
        Assert.Equal(sudden.EndTime, sudden.BeginTime);

        EmulatedJob neverStarted = store.Cancel(ids[2]);
        Assert.Equal((3, null, null), (neverStarted.Status, neverStarted.TaskResultCode, neverStarted.BeginTime));
        store.Start(ids[3]);
        Assert.Equal((3, null), (store.Cancel(ids[3]).Status, store.Find(ids[3])!.TaskResultCode));
    }

    [Fact]
    public void Store_rejects_other_transitions_except_by_Update()
    {
        EmulatedJobStore store = NewStore();
        string id = store.Add(taskType: 2).TaskId;
        store.Finish(id);

        Assert.Throws<InvalidOperationException>(() => store.Start(id));
        Assert.Throws<InvalidOperationException>(() => store.Finish(id));
        Assert.Throws<InvalidOperationException>(() => store.Cancel(id));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.SetProgress(id, 101));
        Assert.Throws<KeyNotFoundException>(() => store.Start("another"));
        Assert.Throws<ArgumentException>(() => store.Update(id, job => job with { TaskId = "another" }));
        Assert.Equal(1, store.Update(id, job => job with { Status = 1 }).Status);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(8, null)]
    [InlineData(null, -1)]
    [InlineData(null, 4)]
    public void Snapshot_rejects_an_invalid_filter(int? taskType, int? status) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NewStore().Snapshot(taskType, status));

    [Fact]
    public void AddMany_adds_no_job_when_an_id_is_duplicated()
    {
        EmulatedJobStore store = NewStore();
        store.Add(new EmulatedJob { TaskId = "1" });

        Assert.Throws<ArgumentException>(() => store.AddMany([new() { TaskId = "2" }, new() { TaskId = "1" }]));
        Assert.Throws<ArgumentException>(() => store.AddMany([new() { TaskId = "2" }, new() { TaskId = "2" }]));
        Assert.Equal(["1"], store.Snapshot().Select(job => job.TaskId));
    }

    [Fact]
    public void Fill_adds_the_same_finished_jobs_for_the_same_seed()
    {
        EmulatedJobStore first = NewStore();
        EmulatedJobStore second = NewStore();
        EmulatedJobStore other = NewStore();
        first.Fill(500, seed: 7);
        second.Fill(500, seed: 7);
        other.Fill(500, seed: 8);

        IReadOnlyList<EmulatedJob> jobs = first.Snapshot();
        Assert.Equal(jobs, second.Snapshot());
        Assert.NotEqual(jobs, other.Snapshot());
        Assert.All(jobs, job => Assert.True(job.IsFinished));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], jobs.Select(job => job.TaskType!.Value).Distinct().Order());
        Assert.Equal([null, 1, 2, 3], jobs.Select(job => job.TaskResultCode).Distinct().Order());
        Assert.Equal("20260102030405", jobs[0].CreateTime);
    }

    [Fact]
    public void Update_is_repeated_after_a_concurrent_change()
    {
        EmulatedJobStore store = NewStore();
        string id = store.Add(taskType: 2).TaskId;
        int calls = 0;

        EmulatedJob updated = store.Update(id, job =>
        {
            if (calls++ == 0)
            {
                store.SetProgress(id, 50);
            }

            return job with { ContentNum = 7 };
        });

        Assert.Equal((2, 50, 7), (calls, updated.Progress, updated.ContentNum));
        Assert.Equal(updated, store.Find(id));
        Assert.Equal(3, store.Version);
    }

    [Fact]
    public void RecordChanges_records_changes_in_order()
    {
        EmulatedJobStore store = NewStore();
        EmulatedJob first = store.Add(taskType: 1);
        EmulatedJobHistory history = store.RecordChanges();

        EmulatedJob second = store.Add(taskType: 2);
        EmulatedJob started = store.Start(first.TaskId);
        store.Update(first.TaskId, job => job);
        store.Remove(second.TaskId);
        store.Remove(second.TaskId);

        Assert.Equal(
            [(2L, null, second), (3L, first, started), (4L, second, (EmulatedJob?)null)],
            history.Snapshot().Select(change => (change.Version, change.Previous, change.Current)));
        Assert.Equal([second.TaskId, first.TaskId, second.TaskId], history.Snapshot().Select(change => change.TaskId));
        Assert.Equal(4, store.Version);
    }

    [Fact]
    public void History_drops_and_counts_the_oldest_changes_when_it_is_full()
    {
        EmulatedJobStore store = NewStore();
        EmulatedJobHistory history = store.RecordChanges(capacity: 3);

        store.Fill(10);

        Assert.Equal(7, history.DroppedCount);
        Assert.Equal([8, 9, 10], history.Snapshot().Select(change => change.Version));
    }

    private EmulatedJobStore NewStore(TimeSpan offset = default) => new(new JobClock(_clock, offset));
}
