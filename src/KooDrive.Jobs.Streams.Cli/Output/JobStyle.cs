using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>The colors of a job. They are among the 16 colors of every color terminal.</summary>
internal static class JobStyle
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Partly = new(Color.Olive);
    private static readonly Style Bad = new(Color.Maroon);
    private static readonly Style Running = new(Color.Teal);
    private static readonly Style Quiet = new(decoration: Decoration.Dim);

    public static Style OfStatus(Job job) => job.Status switch
    {
        JobStatus.Processing => Running,
        JobStatus.Completed => OfResult(job),
        JobStatus.Pending or JobStatus.Canceled => Quiet,
        _ => Style.Plain,
    };

    public static Style OfResult(Job job) => job.Result switch
    {
        JobResult.AllSucceeded => Good,
        JobResult.PartiallyFailed => Partly,
        JobResult.AllFailed => Bad,
        _ => Style.Plain,
    };
}
