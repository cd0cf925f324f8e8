namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The initial jobs of an emulator, in addition to sample jobs.</summary>
public enum JobsEmulatorPreset
{
    /// <summary>No jobs.</summary>
    Empty = 0,

    /// <summary>The two jobs of the example response in the API document.</summary>
    DocumentedExample = 1,
}
