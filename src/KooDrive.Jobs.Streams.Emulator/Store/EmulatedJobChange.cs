namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>A change of the store: a job was added, changed or removed.</summary>
public sealed record EmulatedJobChange
{
    internal EmulatedJobChange()
    {
    }

    /// <summary>The <see cref="EmulatedJobStore.Version"/> after the change.</summary>
    public required long Version { get; init; }

    /// <summary>The job before the change; <see langword="null"/> for an added job.</summary>
    public EmulatedJob? Previous { get; init; }

    /// <summary>The job after the change; <see langword="null"/> for a removed job.</summary>
    public EmulatedJob? Current { get; init; }

    /// <summary>The id of the job.</summary>
    public string TaskId => (Current ?? Previous)!.TaskId;
}
