namespace KooDrive.Jobs.Streams;

/// <summary>A job that two completed polls in a row looked for where it must be and did not see.</summary>
/// <remarks><see cref="JobChange.Job"/> and <see cref="JobChange.Previous"/> are both the job as it was last seen.</remarks>
public sealed record JobVanished : JobChange
{
    /// <summary>False: what became of the job is not known.</summary>
    public override bool JustFinished => false;
}
