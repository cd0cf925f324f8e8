namespace KooDrive.Jobs.Streams.Cli;

/// <summary>A line an event, without colour: for files, pipes and plain terminals.</summary>
internal sealed class TextEventWriter(Stream output, UnfinishedJobs unfinished) : EventWriter(output)
{
    public override ValueTask WriteAsync(JobEvent happened) =>
        EventText.Describe(happened, unfinished.Count) is { } line ? WriteAsync(line.Text + "\n") : ValueTask.CompletedTask;
}
