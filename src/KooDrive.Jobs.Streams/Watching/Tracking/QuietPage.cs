namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// A first page that changed nothing: the one thing that a poll read, which told nothing and left all that is known as it was. What a
/// poll does follows from what is known and what it reads and from nothing else, so the same page would change nothing again, and need
/// not be held against what is known. That makes a poll of a quiet account little more than the page itself.
/// </summary>
internal sealed class QuietPage
{
    private readonly Job[] _jobs;

    private QuietPage(Job[] jobs) => _jobs = jobs;

    /// <summary>The page that a poll read, if it qualifies; else null.</summary>
    /// <param name="draft">The poll's draft.</param>
    /// <param name="changedNothing">Whether nothing was told, and all that is known is as before, every job's place included.</param>
    public static QuietPage? Of(PollDraft draft, bool changedNothing) =>
        changedNothing && draft.Plan == PollPlan.Head && draft.ReadFirstPageOnly ? new QuietPage([.. draft.FirstPage]) : null;

    /// <summary>Whether a page is the same: the same jobs in the same order, equal in every field.</summary>
    public bool IsSame(IReadOnlyList<Job> page) =>
        page is Job[] jobs ? _jobs.AsSpan().SequenceEqual(jobs) : _jobs.SequenceEqual(page);
}
