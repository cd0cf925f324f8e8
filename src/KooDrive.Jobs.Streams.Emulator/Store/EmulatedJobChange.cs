namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>One change of the store: a job was added, changed or removed.</summary>
/// <param name="Version">The <see cref="EmulatedJobStore.Version"/> that this change made.</param>
/// <param name="Previous">The job before, <see langword="null"/> when it was added.</param>
/// <param name="Current">The job after, <see langword="null"/> when it was removed.</param>
public sealed record EmulatedJobChange(long Version, EmulatedJob? Previous, EmulatedJob? Current)
{
    /// <summary>The id of the job.</summary>
    public string TaskId => (Current ?? Previous)!.TaskId;
}
