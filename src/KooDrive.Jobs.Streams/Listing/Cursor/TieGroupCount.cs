namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// Counts a tie group that is larger than a page and whose order differs from request to request. The group is read from its first position
/// to its last, again and again, until as many jobs of it were seen as it has positions.
/// </summary>
/// <param name="isSuspicion">Whether nothing has shown yet that the order of the group changes.</param>
/// <param name="readings">How often walks that this one resumes read the group on suspicion without finding a new job.</param>
/// <param name="allReadings">How often they read the group at all.</param>
internal sealed class TieGroupCount(bool isSuspicion, int readings, int allReadings)
{
    /// <summary>How often a group is read without finding a job that was not yielded.</summary>
    private const int MaxReadings = 64;

    /// <summary>The same for a group whose order may be stable.</summary>
    private const int MaxReadingsOfSuspicion = 5;

    // A count is wrong if a job that was seen is removed and another one is inserted meanwhile. The second count starts from nothing.
    private const int RequiredCounts = 2;

    private readonly HashSet<string> _seen = new(TaskIdComparer.Instance);
    private long _positions = -1;
    private long? _start;
    private int _counts;

    /// <summary>How often the group was read since the last new job.</summary>
    public int Readings { get; private set; } = isSuspicion ? readings : 0;

    /// <summary>How often the group was read at all.</summary>
    public int AllReadings { get; private set; } = allReadings;

    /// <summary>Whether the group was read too often: since the last new job, or at all while more and more jobs are created in its second.</summary>
    public bool IsExhausted => Readings >= (IsSuspicion ? MaxReadingsOfSuspicion : MaxReadings) || AllReadings >= 4 * MaxReadings;

    /// <summary>Whether a reading has far more positions than jobs, as on a server that starts again at the top after the end of the list.</summary>
    public bool IsRepeating => Next - _start > (4 * _seen.Count) + 400;

    /// <summary>Whether nothing has shown yet that the order of the group changes.</summary>
    public bool IsSuspicion { get; private set; } = isSuspicion;

    /// <summary>Whether every job of the group was seen.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether a reading is in progress, and the offset at which it continues.</summary>
    public long? Next { get; private set; }

    /// <summary>Adds a page of the group.</summary>
    /// <param name="page">The page: the first of a reading, or the one at <see cref="Next"/>.</param>
    /// <param name="first">The index of the first job of the group on the page.</param>
    /// <param name="end">The index after the last job of the group on the page.</param>
    public void Add(WalkPage page, int first, int end)
    {
        _start ??= page.Offset + first;
        for (int i = first; i < end; i++)
        {
            _seen.Add(page.Jobs[i].TaskId);
        }

        Next = page.Offset + end;
    }

    /// <summary>Notes that a job was new.</summary>
    public void NoteProgress() => (Readings, IsSuspicion) = (0, false);

    /// <summary>Ends a reading.</summary>
    /// <returns>Whether every job of the group was seen.</returns>
    public bool TryComplete()
    {
        long positions = Next!.Value - _start!.Value;
        bool hasChanged = positions != _positions;

        // The list may have changed between the pages of one reading, and then its count means nothing: two readings must agree.
        bool isCounted = !hasChanged && _seen.Count == positions;
        _counts += isCounted ? 1 : 0;
        IsComplete = isCounted && _counts >= RequiredCounts;

        // Two readings of a stable order show every job.
        IsSuspicion &= hasChanged || _seen.Count >= positions;
        CountReading();
        (_positions, _start, Next) = (positions, null, null);
        if (hasChanged || isCounted || _seen.Count > positions)
        {
            // Jobs seen before may be gone.
            _seen.Clear();
        }

        return IsComplete;
    }

    /// <summary>Gives up a reading because the list changed.</summary>
    public void Restart()
    {
        CountReading();
        (_positions, _start, Next) = (-1, null, null);
        _seen.Clear();
    }

    private void CountReading()
    {
        Readings++;
        AllReadings++;
    }
}
