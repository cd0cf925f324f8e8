namespace KooDrive.Jobs.Streams.Emulator.Life;

/// <summary>A step of a job, at a time after its creation.</summary>
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
