using System.Globalization;
using KooDrive.Jobs.Streams.Cli.Connections;
using KooDrive.Jobs.Streams.Cli.Output;
using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>Formats an event of a watch as a line of text.</summary>
internal static class EventText
{
    // Failed jobs are red: a failed poll says nothing about a job.
    private static readonly Style FailedPoll = new(Color.Purple);

    /// <summary>Returns the line and its color; null for the events without a line: the jobs of the initial snapshot and completed polls.</summary>
    /// <param name="jobEvent">The event.</param>
    /// <param name="unfinished">The number of unfinished jobs.</param>
    /// <param name="width">The maximum number of characters per line. A change of a job is shortened to fit; other text is wrapped.</param>
    /// <param name="zone">The time zone of the time at the start of the line; default: the system's.</param>
    public static (string Text, Style Style)? Describe(JobEvent jobEvent, int unfinished, int width = int.MaxValue, TimeZoneInfo? zone = null) => jobEvent switch
    {
        JobListed or PollCompleted => null,
        WatchSynced => (At(jobEvent, $"synced     {Count(unfinished)} unfinished", width, zone), Style.Plain),
        JobChange change => (Longest(change, width, zone), change is JobVanished ? Style.Plain : JobStyle.OfStatus(change.Job)),
        WatchGap gap => (At(jobEvent, $"gap        {OptionNames.Translate(gap.Message)}", width, zone), new Style(Color.Olive)),
        PollFailed failed => (At(jobEvent, Failed(failed), width, zone), FailedPoll),
        _ => null,
    };

    // The first text that fits: with aligned columns, without aligned columns, without the previous state. The aligned line has at most 76 characters.
    private static string Longest(JobChange change, int width, TimeZoneInfo? zone)
    {
        string type = ShortTypeName.Format(change.Job.Type);
        string state = State(change.Job);
        string what = change switch
        {
            JobVanished => "vanished",
            JobAdded => $"added, {state}",
            { Previous: { } previous } when State(previous) != state => $"{State(previous)} -> {state}",
            _ => state,
        };
        string[] texts =
        [
            $"{change.Job.TaskId,-19}  {type.PadRight(ShortTypeName.Width)}  {what}",
            $"{change.Job.TaskId}  {type}  {what}",
            $"{change.Job.TaskId}  {type}  {(change is JobVanished ? what : state)}",
        ];
        return texts.Select(text => At(change, text, int.MaxValue, zone)).FirstOrDefault(line => line.Length <= width) ?? At(change, texts[^1], width, zone);
    }

    private static string At(JobEvent jobEvent, string text, int width, TimeZoneInfo? zone) => PlainText.Wrap(
        $"{LocalTime.Time(jobEvent.ObservedAt, zone ?? TimeZoneInfo.Local)}  {PlainText.OneLine(text)}".TrimEnd(), width);

    private static string Count(int jobs) => string.Create(CultureInfo.InvariantCulture, $"{jobs:N0} {(jobs == 1 ? "job" : "jobs")}");

    // A result implies that the job completed.
    private static string State(Job job) => job is { Status: JobStatus.Completed, Result: { } result }
        ? EnumNames<JobResult>.Format(result)
        : EnumNames<JobStatus>.Format(job.Status);

    private static string Failed(PollFailed failed) => string.Create(
        CultureInfo.InvariantCulture,
        $"poll failed: {OptionNames.Translate(failed.Exception.Message)} Retry in {failed.Delay.TotalSeconds:0.#} s.");
}
