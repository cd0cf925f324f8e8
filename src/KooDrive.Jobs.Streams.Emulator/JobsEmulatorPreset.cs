namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>What an emulator holds when it starts, before any sample jobs.</summary>
public enum JobsEmulatorPreset
{
    /// <summary>Nothing.</summary>
    Empty = 0,

    /// <summary>The two jobs of the API document's example response, field by field.</summary>
    DocumentedExample = 1,
}
