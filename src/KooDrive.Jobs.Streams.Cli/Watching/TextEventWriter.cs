using KooDrive.Jobs.Streams.Cli.Execution;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>Writes one line per event without color, for files, pipes and terminals that cannot move the cursor.</summary>
internal sealed class TextEventWriter(CommandEnvironment environment, UnfinishedJobs unfinished) : EventWriter(environment.Output)
{
    private int Width => environment.OutputIsTerminal ? environment.Width() : int.MaxValue;

    public override ValueTask WriteAsync(JobEvent jobEvent) =>
        EventText.Describe(jobEvent, unfinished.Count, Width, environment.Time.LocalTimeZone) is { } line ? WriteAsync(line.Text + "\n") : ValueTask.CompletedTask;
}
