namespace KooDrive.Jobs.Streams;

/// <summary>A job that was not there at the poll before.</summary>
public sealed record JobAdded : JobChange
{
    /// <inheritdoc/>
    public override bool JustFinished => Job.IsFinished;
}
