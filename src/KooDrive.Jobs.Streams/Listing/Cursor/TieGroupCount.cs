namespace KooDrive.Jobs.Streams.Listing.Cursor;

/// <summary>
/// Counts a tie group that is larger than a page and whose order differs between requests. The group is read repeatedly, from its first
/// position to its last, until the number of its jobs that were read equals the number of its positions.
/// </summary>
/// <param name="isSuspicion">Whether no change of the order of the group has been observed yet.</param>
/// <param name="readings">The number of readings on suspicion by the resumed walks that found no new job.</param>
/// <param name="allReadings">The number of all readings by the resumed walks.</param>
internal sealed class TieGroupCount(bool isSuspicion, int readings, int allReadings)
{
    /// <summary>The maximum number of consecutive readings of a group without a new job.</summary>
    private const int MaxReadings = 64;

    /// <summary>The maximum number of consecutive readings without a new job of a group whose order may be stable.</summary>
    private const int MaxReadingsOfSuspicion = 5;

    // A proof is wrong if a job that was read is removed and another one is inserted meanwhile. The second proof starts from nothing.
    private const int RequiredProofCount = 2;

    private readonly HashSet<string> _seen = new(TaskIdComparer.Instance);
    private long _positions = -1;
    private long? _start;
    private int _proofCount;

    /// <summary>The number of readings since the last new job.</summary>
    public int Readings { get; private set; } = isSuspicion ? readings : 0;

    /// <summary>The number of all readings.</summary>
    public int AllReadings { get; private set; } = allReadings;

    /// <summary>
    /// Whether the maximum number of readings is reached: since the last new job, or in total, while more and more jobs are created in the same second.
    /// </summary>
    public bool IsExhausted => Readings >= (IsSuspicion ? MaxReadingsOfSuspicion : MaxReadings) || AllReadings >= 4 * MaxReadings;

    /// <summary>Whether a reading has far more positions than jobs, as on a server that starts again at the top after the end of the list.</summary>
    public bool IsRepeating => Next - _start > (4 * _seen.Count) + 400;

    /// <summary>Whether no change of the order of the group has been observed yet.</summary>
    public bool IsSuspicion { get; private set; } = isSuspicion;

    /// <summary>Whether every job of the group was read.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The offset at which the reading in progress continues; null when no reading is in progress.</summary>
    public long? Next { get; private set; }

    /// <summary>Adds a page of the group.</summary>
    /// <param name="page">The page: the first page of a reading, or the page at <see cref="Next"/>.</param>
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
    /// <returns>Whether every job of the group was read.</returns>
    public bool TryComplete()
    {
        long positions = Next!.Value - _start!.Value;
        bool hasChanged = positions != _positions;

        // If the list changed between the pages of one reading, its count is wrong, so two readings must agree.
        bool isProof = !hasChanged && _seen.Count == positions;
        _proofCount += isProof ? 1 : 0;
        IsComplete = isProof && _proofCount >= RequiredProofCount;

        // Two readings of a group in stable order contain every job.
        IsSuspicion &= hasChanged || _seen.Count >= positions;
        CountReading();
        (_positions, _start, Next) = (positions, null, null);
        if (hasChanged || isProof || _seen.Count > positions)
        {
            // Jobs read before may have been removed.
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
