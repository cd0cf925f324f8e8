using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class PollEventsTests
{
    [Property]
    public void InOrder_returns_the_changes_like_a_stable_sort_by_age(byte[] ages) => InOrderIsLikeASort(ages);

    [Property]
    public void InOrder_returns_changes_that_were_added_newest_first_like_a_sort(byte[] ages) => InOrderIsLikeASort([.. ages.Distinct().Order()]);

    private static void InOrderIsLikeASort(byte[] ages)
    {
        TrackedJob[] jobs = [.. ages.Select((age, number) => new TrackedJob
        {
            Job = new Job { TaskId = $"{number}", CreateTime = DateTimeOffset.UnixEpoch.AddDays(1).AddSeconds(-age) },
            RelativePosition = age,
        })];
        var events = new PollEvents(poll: 1, DateTimeOffset.UnixEpoch);
        foreach (TrackedJob job in jobs)
        {
            events.Added(job);
        }

        IEnumerable<string> oldestFirst = jobs.OrderBy(job => job.Job.CreateTime).Select(job => job.Job.TaskId);
        Assert.Equal(oldestFirst, events.InOrder().Cast<JobAdded>().Select(added => added.Job.TaskId));
    }
}
