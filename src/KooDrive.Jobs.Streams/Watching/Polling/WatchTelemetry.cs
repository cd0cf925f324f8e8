using System.Diagnostics;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Watching.Delivery;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>The instruments as one watch uses them. Ages and durations are measured by the watch's monotonic clock.</summary>
internal sealed class WatchTelemetry : IPollingWatch
{
    private readonly WatchClock _clock;
    private readonly KeyValuePair<string, object?>[] _tags;
    private volatile IReadOnlyList<Job>? _snapshot;
    private volatile object? _since;
    private volatile object? _free;

    /// <param name="client">Of the client that the watch reads with.</param>
    /// <param name="type">The watch's filter.</param>
    /// <param name="clock">The watch's clock.</param>
    public WatchTelemetry(ClientTelemetry client, JobType? type, WatchClock clock)
    {
        Client = client;
        Type = type;
        _clock = clock;
        _tags = type is { } only ? [.. client.Tags, new(TagNames.QueryType, only.ToString())] : [.. client.Tags];
    }

    public ClientTelemetry Client { get; }

    /// <summary>The watch's filter.</summary>
    public JobType? Type { get; }

    /// <summary>The tags of all measurements of this watch.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>The time by the watch's monotonic clock.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>Whether no poll has completed since the polls began.</summary>
    public bool AwaitsFirstPoll => _snapshot is null;

    /// <summary>The unfinished jobs at the last completed poll; null before the first.</summary>
    public int? UnfinishedCount => _snapshot?.Count(job => !job.IsFinished);

    /// <summary>How long ago a poll last succeeded, or the polls began if that is later; null while the watch rests.</summary>
    public TimeSpan? SuccessAge => _since is TimeSpan since ? Now - since : null;

    /// <summary>The same, counted from when the polls last stopped waiting for handlers if that is later still.</summary>
    public TimeSpan? Overdue => _since is TimeSpan since ? Now - (_free is TimeSpan free && free > since ? free : since) : null;

    /// <summary>The watch begins to poll.</summary>
    /// <param name="now">Now: the clock is foreign code, and this is called with a lock held.</param>
    public void Begin(TimeSpan now)
    {
        _since = now;
        Client.Instruments.Watches.Add(this);
    }

    /// <summary>The watch has stopped polling, until it begins again.</summary>
    public void Rest()
    {
        Client.Instruments.Watches.Remove(this);
        _since = null;
        _snapshot = null;
    }

    /// <summary>The polls need not wait for handlers any more.</summary>
    public void GoOn() => _free = Now;

    /// <summary>A poll has succeeded.</summary>
    public void Succeed(PollOutcome outcome)
    {
        _snapshot = outcome.Snapshot;
        _since = Now;
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
            Miss(gap.Reason);
        }
    }

    /// <summary>Changes may have been missed.</summary>
    public void Miss(WatchGapReason reason)
    {
        if (Client.Instruments.WatchGaps.Enabled)
        {
            Client.Instruments.WatchGaps.Add(1, new TagList(_tags) { { TagNames.GapReason, reason.ToString() } });
        }
    }
}
