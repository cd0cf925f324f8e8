namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>The answer to a <see cref="JobLookup"/>: the whole list was looked through. Never leaves the library.</summary>
internal sealed record JobSought : JobEvent
{
    public required JobLookup Lookup { get; init; }

    /// <summary>The job, or null when the list does not have it.</summary>
    public required Job? Job { get; init; }

    /// <summary>None: no subscriber gets the event.</summary>
    private protected override JobEventKind KindCore => default;
}
