using System.Diagnostics;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>The metrics of one watch. The monotonic clock of the watch measures ages and durations.</summary>
internal sealed class WatchTelemetry : IPollingWatch
{
    private readonly WatchClock _clock;
    private readonly KeyValuePair<string, object?>[] _tags;
    private volatile IReadOnlyList<Job>? _snapshot;
    private volatile object? _lastSuccessOrStartAt;
    private volatile object? _resumedAt;

    /// <param name="client">The telemetry of the client.</param>
    /// <param name="type">The type filter of the watch.</param>
    /// <param name="clock">The clock of the watch.</param>
    public WatchTelemetry(ClientTelemetry client, JobType? type, WatchClock clock)
    {
        Client = client;
        Type = type;
        _clock = clock;
        _tags = type is { } only ? [.. client.Tags, new(TagNames.QueryType, only.ToString())] : [.. client.Tags];
    }

    public ClientTelemetry Client { get; }

    /// <summary>The type filter of the watch.</summary>
    public JobType? Type { get; }

    /// <summary>The tags of all measurements of this watch.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>The time by the monotonic clock of the watch.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>Whether no poll has completed since the start of the polls.</summary>
    public bool AwaitsFirstPoll => _snapshot is null;

    /// <summary>The number of unfinished jobs at the last completed poll; null before the first poll.</summary>
    public int? UnfinishedCount => _snapshot?.Count(job => !job.IsFinished);

    /// <summary>The time since the last successful poll, or since the start of the polls if that is later; null while the watch is idle.</summary>
    public TimeSpan? SuccessAge => _lastSuccessOrStartAt is TimeSpan since ? Now - since : null;

    /// <summary>The time since the last successful poll, the start of the polls, or the end of the last wait for a handler, whichever is latest; null while idle.</summary>
    public TimeSpan? Overdue => _lastSuccessOrStartAt is TimeSpan since ? Now - (_resumedAt is TimeSpan free && free > since ? free : since) : null;

    /// <summary>Records the start of the polls.</summary>
    /// <param name="now">The time. A parameter because the clock is foreign code, which must not run under the lock of the caller.</param>
    public void Start(TimeSpan now)
    {
        _lastSuccessOrStartAt = now;
        Client.Instruments.Watches.Add(this);
    }

    /// <summary>Records that the polls have stopped.</summary>
    public void BecomeIdle()
    {
        Client.Instruments.Watches.Remove(this);
        _lastSuccessOrStartAt = null;
        _snapshot = null;
    }

    /// <summary>Records the end of a wait for a handler.</summary>
    public void Resume() => _resumedAt = Now;

    /// <summary>Records a successful poll.</summary>
    public void RecordSuccess(PollOutcome outcome)
    {
        _snapshot = outcome.Snapshot;
        _lastSuccessOrStartAt = Now;
        JobsInstruments instruments = Client.Instruments;
        if (!instruments.WatchChanges.Enabled && !instruments.WatchGaps.Enabled)
        {
            return;
        }

        foreach (IGrouping<string, JobEvent> changes in outcome.Events.Where(next => next is JobChange).GroupBy(next => next.Kind.ToWireName()))
        {
            instruments.WatchChanges.Add(changes.Count(), new TagList(_tags) { { TagNames.ChangeKind, changes.Key } });
        }

        foreach (WatchGap gap in outcome.Events.OfType<WatchGap>())
        {
            RecordGap(gap.Reason);
        }
    }

    /// <summary>Records a gap.</summary>
    public void RecordGap(WatchGapReason reason)
    {
        if (Client.Instruments.WatchGaps.Enabled)
        {
            Client.Instruments.WatchGaps.Add(1, new TagList(_tags) { { TagNames.GapReason, reason.ToString() } });
        }
    }
}
