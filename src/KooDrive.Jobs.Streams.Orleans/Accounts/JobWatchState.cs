namespace KooDrive.Jobs.Streams.Accounts;

/// <summary>The state of an account's watch in the storage of the cluster. Contains task ids and no credential.</summary>
[GenerateSerializer]
[Alias("koodrive.job-watch-state")]
internal sealed class JobWatchState
{
    /// <summary>Whether the watch is started.</summary>
    [Id(0)]
    public bool IsStarted { get; set; }

    /// <summary>Counts the activations. Each one writes the state before it polls, so that a write of an earlier one is rejected.</summary>
    [Id(1)]
    public long Activation { get; set; }

    /// <summary>The checkpoint of the watch; null before the first one.</summary>
    [Id(2)]
    public byte[]? Checkpoint { get; set; }
}
