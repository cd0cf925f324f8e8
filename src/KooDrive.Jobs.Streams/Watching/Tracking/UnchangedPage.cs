using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// A page with the newest jobs that was all that a poll read, and that changed neither the events nor the state. A poll depends only on the state and the pages,
/// so the same page changes nothing again and need not be processed: a poll of an idle account costs little more than a small page.
/// </summary>
/// <param name="Limit">The limit of the request.</param>
/// <param name="Fingerprint">Identifies the response.</param>
internal sealed record UnchangedPage(int Limit, PageFingerprint Fingerprint)
{
    /// <summary>Returns the page that a poll read if it qualifies; otherwise null.</summary>
    /// <param name="draft">The draft of the poll.</param>
    /// <param name="changedNothing">Whether the poll published no events and left the state unchanged, including every position.</param>
    public static UnchangedPage? Of(PollDraft draft, bool changedNothing) =>
        changedNothing && draft.ReadTopOnly && draft.TopFingerprint is { } fingerprint ? new UnchangedPage(draft.Plan.TopLimit, fingerprint) : null;
}
