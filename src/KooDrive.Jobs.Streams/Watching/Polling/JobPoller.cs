using KooDrive.Jobs.Streams.Model;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Reads from the server what the tracker requests, and passes the pages to the tracker. Not safe for concurrent use.</summary>
internal sealed class JobPoller : IJobPoller
{
    private readonly IJobPages _pages;
    private readonly PollingOptions _options;
    private readonly Func<DateTimeOffset> _clock;

    /// <summary>Creates a poller.</summary>
    /// <param name="pages">The list.</param>
    /// <param name="options">The limits of a poll and of the tracked jobs.</param>
    /// <param name="clock">Returns the time of the events, in UTC. Called once, when a poll has read everything.</param>
    /// <param name="restored">The state of a checkpoint; null to start without a state.</param>
    /// <exception cref="ArgumentException">The state belongs to a watch with another type filter.</exception>
    public JobPoller(IJobPages pages, PollingOptions options, Func<DateTimeOffset> clock, TrackerState? restored = null)
    {
        _pages = pages;
        _options = options;
        _clock = clock;
        Tracker = new JobTracker(options, restored);
    }

    /// <summary>The tracker with the state of the last completed poll.</summary>
    public JobTracker Tracker { get; }

    /// <inheritdoc/>
    public long StateVersion => Tracker.StateVersion;

    /// <inheritdoc/>
    public async Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken)
    {
        long requests = _pages.RequestCount;
        long jobs = _pages.JobCount;
        JobPage? top = null;
        if (Tracker.UnchangedPage is { } unchanged)
        {
            top = await _pages.GetTopPageAsync(unchanged.Limit, unchanged.Fingerprint, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (top.Fingerprint == unchanged.Fingerprint)
            {
                Tracker.CommitUnchanged();
                return Outcome([], requests, jobs, wasFullScan: false);
            }
        }

        PollDraft draft = Tracker.Begin();
        while (draft.StartNext(IsOverBudget(draft, requests)) is { } read)
        {
            draft.EndRead(await ReadAsync(draft, read, top, requests, cancellationToken).ConfigureAwait(false));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Outcome(Tracker.Commit(draft, poll, _clock()), requests, jobs, draft.IsFullScan);
    }

    /// <inheritdoc/>
    public TrackerState Export() => Tracker.Export();

    private PollOutcome Outcome(IReadOnlyList<JobEvent> events, long requestsBefore, long jobsBefore, bool wasFullScan) =>
        new(events, Tracker.Snapshot, (int)(_pages.RequestCount - requestsBefore), (int)(_pages.JobCount - jobsBefore), wasFullScan);

    // Returns whether the list ended.
    private async Task<bool> ReadAsync(PollDraft draft, PollRead read, JobPage? top, long requestsBefore, CancellationToken cancellationToken)
    {
        if (read is PollRead.Window window)
        {
            JobPage page = await _pages.GetPageAsync(window.Offset, cancellationToken).ConfigureAwait(false);
            draft.Take(page.Jobs, requests: 1);
            return false;
        }

        if (read is PollRead.Top { Limit: var limit })
        {
            top = top?.Limit == limit ? top : await _pages.GetTopPageAsync(limit, PageFingerprint.None, cancellationToken).ConfigureAwait(false);
            draft.TakeTop(top);
            return false;
        }

        long requestsBeforeRead = _pages.RequestCount;
        IAsyncEnumerable<JobPage> pages = _pages.Walk((read as PollRead.Filter)?.Status);
        await foreach (JobPage page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!draft.Take(page.Jobs, _pages.RequestCount - requestsBeforeRead) || (IsOverBudget(draft, requestsBefore) && !draft.Exhaust()))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsOverBudget(PollDraft draft, long requestsBefore) =>
        _pages.RequestCount - requestsBefore - draft.UncountedRequests >= _options.MaxRequestsPerPoll;
}
