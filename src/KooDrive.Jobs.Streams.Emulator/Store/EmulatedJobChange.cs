namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A change of the store: a job was added, changed or removed.</summary>
/// <param name="Version">The <see cref="EmulatedJobStore.Version"/> after the change.</param>
/// <param name="Previous">The job before the change; <see langword="null"/> for an added job.</param>
/// <param name="Current">The job after the change; <see langword="null"/> for a removed job.</param>
public sealed record EmulatedJobChange(long Version, EmulatedJob? Previous, EmulatedJob? Current)
{
    /// <summary>The id of the job.</summary>
    public string TaskId => (Current ?? Previous)!.TaskId;
}
