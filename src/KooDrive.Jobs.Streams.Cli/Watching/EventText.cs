using System.Globalization;
using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli;

/// <summary>An event of a watch as a line for people.</summary>
internal static class EventText
{
    /// <summary>The line and its colour; null for what people do not want a line of: each job that was there, each poll that went well.</summary>
    public static (string Text, Style Style)? Describe(JobEvent happened, int unfinished) => happened switch
    {
        JobListed or PollCompleted => null,
        WatchSynced => (At(happened, $"synced     {Count(unfinished)} unfinished"), Style.Plain),
        JobVanished vanished => (At(happened, $"vanished   {Name(vanished.Job)}"), Style.Plain),
        JobChange change => (At(happened, $"{EventJson.NameOf(change),-9}  {Name(change.Job)}  {Move(change)}"), JobStyle.OfStatus(change.Job)),
        WatchGap gap => (At(happened, $"gap        {gap.Message}"), new Style(Color.Olive)),
        PollFailed failed => (At(happened, Failed(failed)), new Style(Color.Maroon)),
        _ => null,
    };

    private static string At(JobEvent happened, string text) => string.Create(
        CultureInfo.InvariantCulture,
        $"{happened.ObservedAt:HH:mm:ss}  {PlainText.OneLine(text)}");

    private static string Count(int jobs) => string.Create(CultureInfo.InvariantCulture, $"{jobs:N0} {(jobs == 1 ? "job" : "jobs")}");

    private static string Name(Job job) => $"{job.TaskId,-19}  {EnumNames<JobType>.Format(job.Type),-21}";

    private static string Move(JobChange change) => change.Previous is { } previous && previous.Status != change.Job.Status
        ? $"{EnumNames<JobStatus>.Format(previous.Status)} -> {State(change.Job)}"
        : State(change.Job);

    // A result says that the job completed, and the line has to fit.
    private static string State(Job job) => job is { Status: JobStatus.Completed, Result: { } result }
        ? EnumNames<JobResult>.Format(result)
        : EnumNames<JobStatus>.Format(job.Status);

    private static string Failed(PollFailed failed) => string.Create(
        CultureInfo.InvariantCulture,
        $"failed     {failed.Error.Message} Next try in {failed.Delay.TotalSeconds:0.#} s.");
}
