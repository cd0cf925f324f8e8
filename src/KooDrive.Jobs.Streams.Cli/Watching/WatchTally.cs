using System.Globalization;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>Counts the changes of a watch for the summary at its end.</summary>
internal sealed class WatchTally
{
    private int _added;
    private int _finished;
    private int _failed;

    public void Count(JobEvent jobEvent)
    {
        if (jobEvent is JobChange change)
        {
            _added += change is JobAdded ? 1 : 0;
            _finished += change.JustFinished ? 1 : 0;
            _failed += change.JustFailed ? 1 : 0;
        }
    }

    /// <summary>Returns the summary.</summary>
    public string Describe(TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_added:N0} {(_added == 1 ? "job" : "jobs")} added, {_finished:N0} finished, {_failed:N0} of them failed or canceled; watched for {TimeSpan.FromSeconds(Math.Floor(elapsed.TotalSeconds)):c}");
}
