using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class RememberedJobsTests
{
    [Fact]
    public void MoveAfter_keeps_the_index_of_an_earlier_job_with_a_reused_id()
    {
        var remembered = new RememberedJobs();
        foreach (string taskId in (string[])["a", "b", "a"])
        {
            remembered.Append(taskId, time: 1);
        }

        remembered.UseIndex(true);
        var unordered = new HashSet<string>();
        remembered.MoveAfter("b", unordered);

        Assert.Equal(["a"], unordered);
        Assert.True(remembered.Contains("a"));
        Assert.Equal(1, remembered.CountAfter("a"));
        remembered.MoveTo(unordered);
        Assert.Equal(0, remembered.Count);
        Assert.False(remembered.Contains("a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Trim_keeps_as_many_jobs_as_the_capacity_when_there_are_more_than_twice_as_many(bool isIndexed)
    {
        var remembered = new RememberedJobs();
        remembered.UseIndex(isIndexed);
        int capacity = isIndexed ? 8_192 : 1_024;
        Assert.Equal(capacity, remembered.Capacity);
        for (int number = 0; number < 2 * capacity; number++)
        {
            remembered.Append($"{number}", number);
        }

        remembered.Trim();
        Assert.Equal((2 * capacity, false), (remembered.Count, remembered.HasEvicted));

        remembered.Append("last", 1);
        remembered.Trim();

        Assert.Equal((capacity, true), (remembered.Count, remembered.HasEvicted));
        Assert.Equal($"{capacity + 1}", remembered.TaskIds[0]);
        Assert.False(remembered.Contains($"{capacity}"));
        Assert.True(remembered.IsAmongLast($"{capacity + 1}", capacity));
        Assert.False(remembered.IsAmongLast($"{capacity + 1}", capacity - 1));
        Assert.Equal(capacity - 1, remembered.CountAfter($"{capacity + 1}"));
    }

    // The same results as a list, with and without the index, also when ids are reused.
    [Fact]
    public void Results_equal_those_of_a_list()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var remembered = new RememberedJobs();
            List<(string TaskId, long Time)> model = [];
            long time = 1_000;
            for (int step = 0; step < 40; step++)
            {
                string taskId = $"{random.Next(20)}";
                switch (random.Next(8))
                {
                    case 0 when model.Count > 0:
                        long newer = time + random.Next(10);
                        model.Insert(model.FindLastIndex(job => job.Time >= newer) + 1, (taskId, newer));
                        remembered.Insert(taskId, newer);
                        break;
                    case 1:
                        remembered.UseIndex(random.Next(2) == 0);
                        break;
                    case 2 when model.Exists(job => job.TaskId == taskId):
                        int last = model.FindLastIndex(job => job.TaskId == taskId);
                        HashSet<string> unordered = [];
                        remembered.MoveAfter(taskId, unordered);
                        Assert.Equal(model.Skip(last + 1).Select(job => job.TaskId).Distinct().Order(), unordered.Order());
                        model.RemoveRange(last + 1, model.Count - last - 1);
                        break;
                    case 3 when random.Next(4) == 0:
                        HashSet<string> all = [];
                        remembered.MoveTo(all);
                        Assert.Equal(model.Select(job => job.TaskId).Distinct().Order(), all.Order());
                        model.Clear();
                        break;
                    default:
                        time -= random.Next(3);
                        model.Add((taskId, time));
                        remembered.Append(taskId, time);
                        break;
                }

                Check();
            }

            void Check()
            {
                Assert.Equal(model.Select(job => job.TaskId), remembered.TaskIds);
                int count = random.Next(model.Count + 1), max = random.Next(5);
                Assert.Equal(model.SkipLast(count).Reverse().Take(max), remembered.GetEarlier(count, max));
                for (int id = 0; id < 20; id++)
                {
                    string taskId = $"{id}";
                    int last = model.FindLastIndex(job => job.TaskId == taskId);
                    Assert.Equal(last >= 0, remembered.Contains(taskId));
                    Assert.Equal(last >= model.Count - count && last >= 0, remembered.IsAmongLast(taskId, count));
                    Assert.Equal(last >= 0, last >= 0 && remembered.Contains(taskId, model[last].Time));
                    Assert.False(last >= 0 && remembered.Contains(taskId, model[last].Time + 1));
                }

                if (random.Next(4) == 0)
                {
                    string taskId = $"{random.Next(20)}";
                    int last = model.FindLastIndex(job => job.TaskId == taskId);
                    Assert.Equal(last < 0 ? null : model.Count - 1 - last, remembered.CountAfter(taskId));
                }
            }
        }
    }
}
