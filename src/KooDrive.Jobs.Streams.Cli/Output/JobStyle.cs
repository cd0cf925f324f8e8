using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>The colours of a job, from the terminal's own sixteen: what went wrong catches the eye, what is over and well does not shout.</summary>
internal static class JobStyle
{
    private static readonly Style Well = new(Color.Green);
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
        JobResult.AllSucceeded => Well,
        JobResult.PartiallyFailed => Partly,
        JobResult.AllFailed => Bad,
        _ => Style.Plain,
    };
}
