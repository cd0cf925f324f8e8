using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>
/// The edge between the tracker and the server: asks what to read, reads it, and tells what came. Not for concurrent use: one poll at a
/// time.
/// </summary>
internal sealed class JobPoller : IJobPoller
{
    private readonly IJobPages _pages;
    private readonly PollingOptions _options;
    private readonly Func<DateTimeOffset> _clock;

    /// <summary>Creates a poller.</summary>
    /// <param name="pages">The list.</param>
    /// <param name="options">What a poll may cost and how much is remembered.</param>
    /// <param name="clock">Returns the time that events carry, in UTC. Called once, when a poll has read everything.</param>
    /// <param name="restored">The state of an earlier watch; null to start without one.</param>
    /// <exception cref="ArgumentException">The state is of a watch with another type filter.</exception>
    public JobPoller(IJobPages pages, PollingOptions options, Func<DateTimeOffset> clock, TrackerState? restored = null)
    {
        _pages = pages;
        _options = options;
        _clock = clock;
        Tracker = new JobTracker(options, restored);
    }

    /// <summary>What is known after the last completed poll.</summary>
    public JobTracker Tracker { get; }

    /// <inheritdoc/>
    public async Task<PollOutcome> PollAsync(long poll, CancellationToken cancellationToken)
    {
        long requests = _pages.Requests;
        long jobs = _pages.Jobs;
        JobPage? first = null;
        if (Tracker.MayBeQuiet)
        {
            first = await _pages.GetPageAsync(0, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (Tracker.TryCommitQuiet(first.Jobs))
            {
                return Outcome([], wasFullPass: false);
            }
        }

        PollDraft draft = Tracker.Begin();
        while (draft.StartNext(IsOverBudget(requests)) is { } read)
        {
            long requestsBefore = _pages.Requests;
            bool isEndOfList = await ReadAsync(draft, read, first, requests, cancellationToken).ConfigureAwait(false);
            draft.EndRead(isEndOfList, _pages.Requests - requestsBefore);
            first = read is PollRead.Head ? null : first;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Outcome(Tracker.Commit(draft, poll, _clock()), draft.IsFullPass);

        PollOutcome Outcome(IReadOnlyList<JobEvent> events, bool wasFullPass) =>
            new(events, Tracker.Snapshot, (int)(_pages.Requests - requests), (int)(_pages.Jobs - jobs), wasFullPass);
    }

    /// <inheritdoc/>
    public TrackerState Export() => Tracker.Export();

    // Whether the list ended.
    private async Task<bool> ReadAsync(PollDraft draft, PollRead read, JobPage? first, long requestsBefore, CancellationToken cancellationToken)
    {
        if (read is PollRead.Window window)
        {
            JobPage page = await _pages.GetPageAsync(window.Offset, cancellationToken).ConfigureAwait(false);
            draft.Take(page.Jobs);
            return false;
        }

        IAsyncEnumerable<JobPage> pages = read is PollRead.Filter filter ? _pages.Walk(filter.Status) : _pages.Walk(status: null, first);
        await foreach (JobPage page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!draft.Take(page.Jobs) || (IsOverBudget(requestsBefore) && !draft.Exhaust()))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsOverBudget(long requestsBefore) => _pages.Requests - requestsBefore >= _options.MaxRequestsPerPoll;
}
