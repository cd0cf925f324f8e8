namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// A first page that was all that a poll read, and that changed neither the events nor the state. A poll depends only on the state and the pages, so the same page
/// changes nothing again and need not be processed: a poll of an idle account costs little more than the page.
/// </summary>
internal sealed class UnchangedPage
{
    private readonly Job[] _jobs;

    private UnchangedPage(Job[] jobs) => _jobs = jobs;

    /// <summary>Returns the page that a poll read if it qualifies, else null.</summary>
    /// <param name="draft">The draft of the poll.</param>
    /// <param name="changedNothing">Whether the poll published no events and left the state unchanged, including every position.</param>
    public static UnchangedPage? Of(PollDraft draft, bool changedNothing) =>
        changedNothing && draft.Plan == PollPlan.Head && draft.ReadFirstPageOnly ? new UnchangedPage([.. draft.FirstPage]) : null;

    /// <summary>Whether a page is the same: the same jobs in the same order, equal in every field.</summary>
    public bool IsSame(IReadOnlyList<Job> page) =>
        page is Job[] jobs ? _jobs.AsSpan().SequenceEqual(jobs) : _jobs.SequenceEqual(page);
}
