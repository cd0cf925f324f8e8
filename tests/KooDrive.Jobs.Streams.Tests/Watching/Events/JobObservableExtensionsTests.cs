using System.Reactive.Linq;
using static KooDrive.Jobs.Streams.Tests.Watching.Polling.FakePoller;

namespace KooDrive.Jobs.Streams.Tests.Watching.Events;

public class JobObservableExtensionsTests
{
    private static readonly JobChange[] All =
    [
        Changed(Running("running"), null),
        Changed(Done("succeeded"), Running("succeeded")),
        Changed(Done("partial", JobResult.PartiallyFailed), Running("partial")),
        Changed(new Job { TaskId = "canceled", Status = JobStatus.Canceled }, Running("canceled")),
        Changed(new Job { TaskId = "no result", Status = JobStatus.Completed }, Running("no result")),
        Changed(Done("later result"), new Job { TaskId = "later result", Status = JobStatus.Completed }),
        Changed(Done("later failure", JobResult.AllFailed), new Job { TaskId = "later failure", Status = JobStatus.Completed }),
        new JobAdded { Job = Done("added", JobResult.AllFailed) with { Type = JobType.BatchDeletion } },
        new JobVanished { Job = Running("vanished"), Previous = Running("vanished") },
    ];

    [Fact]
    public async Task WhereJustFinished_returns_changes_to_finished() =>
        Assert.Equal(["succeeded", "partial", "canceled", "no result", "added"], await Ids(All.ToObservable().WhereJustFinished()));

    [Fact]
    public async Task WhereJustSucceeded_returns_finished_jobs_when_every_file_succeeded() =>
        Assert.Equal(["succeeded"], await Ids(All.ToObservable().WhereJustSucceeded()));

    [Fact]
    public async Task WhereJustFailed_returns_finished_jobs_when_not_every_file_succeeded() =>
        Assert.Equal(["partial", "canceled", "no result", "added"], await Ids(All.ToObservable().WhereJustFailed()));

    [Fact]
    public void JustFinished_is_either_JustSucceeded_or_JustFailed() =>
        Assert.All(All, change => Assert.Equal(change.JustFinished, change.JustSucceeded != change.JustFailed));

    [Fact]
    public async Task WhereType_and_WhereJob_filter_by_the_job()
    {
        Assert.Equal(["added"], await Ids(All.ToObservable().WhereType(JobType.BatchDeletion)));
        Assert.Equal(["canceled"], await Ids(All.ToObservable().WhereJob("canceled")));
    }

    private static JobChanged Changed(Job job, Job? previous) => new() { Job = job, Previous = previous };

    private static async Task<IList<string>> Ids(IObservable<JobChange> changes) => await changes.Select(change => change.Job.TaskId).ToList();
}
