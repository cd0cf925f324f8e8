namespace KooDrive.Jobs.Streams.Emulator.Life;

/// <summary>What happens to a job, and how long after it was created.</summary>
internal sealed record ScriptedStep(TimeSpan At, ScriptedAction Action, int Value = 0);

internal enum ScriptedAction
{
    Start,

    /// <summary>The value is the percentage.</summary>
    Progress,

    /// <summary>The value is the task result code.</summary>
    Finish,

    Cancel,
}
