using System.Globalization;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>Shows on a terminal which jobs <c>koojobs wait</c> waits for, and how they change.</summary>
internal static class WaitNotices
{
    public static IDisposable Show(JobWatch watch, string[] taskIds, CommandEnvironment environment)
    {
        if (!environment.ErrorIsLive)
        {
            return Disposable.Empty;
        }

        TimeZoneInfo zone = environment.Time.LocalTimeZone;
        var unfinished = new UnfinishedJobs();
        var listed = new HashSet<string>(StringComparer.Ordinal);
        return watch.Events.Subscribe(
            jobEvent =>
            {
                unfinished.Apply(jobEvent);
                if (jobEvent is JobListed one)
                {
                    listed.Add(one.Job.TaskId);
                }
                else if (jobEvent is WatchSynced)
                {
                    foreach (string line in Describe(taskIds, unfinished, listed))
                    {
                        environment.Error.WriteLine(PlainText.OneLine(line));
                    }
                }
                else if (jobEvent is JobChange change && taskIds.Contains(change.Job.TaskId) && !change.Job.IsFinished)
                {
                    environment.Error.WriteLine(EventText.Describe(change, unfinished: 0, zone: zone)!.Value.Text);
                }
            },
            _ => { /* The waits fail with the same error. */ });
    }

    private static IEnumerable<string> Describe(string[] taskIds, UnfinishedJobs unfinished, HashSet<string> listed)
    {
        var jobs = unfinished.All.ToDictionary(job => job.TaskId);
        foreach (string taskId in taskIds)
        {
            if (jobs.TryGetValue(taskId, out Job? job))
            {
                string progress = job.Progress is { } done ? string.Create(CultureInfo.InvariantCulture, $", {done} %") : "";
                yield return $"Waiting for {taskId}: {ShortTypeName.Format(job.Type)}, {EnumNames<JobStatus>.Format(job.Status)}{progress}";
            }
            else if (!listed.Contains(taskId))
            {
                // Finished jobs of which the watch retains no state are looked up in the list.
                yield return $"Waiting for {taskId}: looking it up in the list";
            }
        }
    }
}
