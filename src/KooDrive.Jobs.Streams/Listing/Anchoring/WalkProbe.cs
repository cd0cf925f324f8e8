namespace KooDrive.Jobs.Streams;

/// <summary>A question that a walk asks aside, and the offset at which it goes on after the answer.</summary>
internal sealed record WalkProbe(WalkProbeKind Kind, long ReturnTo);

internal enum WalkProbeKind
{
    /// <summary>Is there anything behind a job that came alone?</summary>
    BehindTheOnlyJob,

    /// <summary>Do the same jobs come back far ahead of the page that brought nothing new?</summary>
    FarAhead,
}
