namespace KooDrive.Jobs.Streams;

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
        await ReadFiltersAsync(draft, requests, cancellationToken).ConfigureAwait(false);
        await ReadHeadAsync(draft, first, requests, cancellationToken).ConfigureAwait(false);
        await ReadWindowsAsync(draft, requests, cancellationToken).ConfigureAwait(false);
        if (draft.NeedsFullPass)
        {
            draft.StartFullPass();
            await ReadHeadAsync(draft, first: null, requests, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Outcome(Tracker.Commit(draft, poll, _clock()), draft.IsFullPass);

        PollOutcome Outcome(IReadOnlyList<JobEvent> events, bool wasFullPass) =>
            new(events, Tracker.Snapshot, (int)(_pages.Requests - requests), (int)(_pages.Jobs - jobs), wasFullPass);
    }

    /// <inheritdoc/>
    public TrackerState Export() => Tracker.Export();

    private async Task ReadFiltersAsync(PollDraft draft, long requestsBefore, CancellationToken cancellationToken)
    {
        foreach (JobStatus status in draft.Plan.Filters)
        {
            await foreach (JobPage page in _pages.Walk(status).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (!draft.SeeFiltered(page.Jobs))
                {
                    return;
                }

                if (IsOverBudget(requestsBefore))
                {
                    draft.Exhaust();
                    return;
                }
            }
        }
    }

    private async Task ReadHeadAsync(PollDraft draft, JobPage? first, long requestsBefore, CancellationToken cancellationToken)
    {
        long headRequestsBefore = _pages.Requests;
        bool isEnd = true;
        await foreach (JobPage page in _pages.Walk(status: null, first).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!draft.SeeHead(page.Jobs))
            {
                isEnd = false;
                break;
            }

            if (!draft.IsFullPass && IsOverBudget(requestsBefore))
            {
                draft.Exhaust();
            }
        }

        draft.NoteHeadRequests(_pages.Requests - headRequestsBefore);
        if (isEnd)
        {
            draft.SeeEnd();
        }
    }

    private async Task ReadWindowsAsync(PollDraft draft, long requestsBefore, CancellationToken cancellationToken)
    {
        while (draft.NextWindow() is { } offset)
        {
            if (IsOverBudget(requestsBefore))
            {
                draft.Exhaust();
                return;
            }

            JobPage page = await _pages.GetPageAsync(offset, cancellationToken).ConfigureAwait(false);
            draft.SeeWindow(offset, page.Jobs);
        }
    }

    private bool IsOverBudget(long requestsBefore) => _pages.Requests - requestsBefore >= _options.MaxRequestsPerPoll;
}
