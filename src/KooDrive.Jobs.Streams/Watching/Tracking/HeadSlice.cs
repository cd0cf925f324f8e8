namespace KooDrive.Jobs.Streams;

/// <summary>The list as read from its top, held against the <see cref="Frontier"/> of the poll before: which jobs came since?</summary>
internal sealed class HeadSlice(Frontier frontier)
{
    // So many jobs in one second that the frontier must not grow with them.
    private const int MaxNewest = 16;

    private readonly HashSet<JobKey> _keys = [];
    private readonly List<JobKey> _newest = [];
    private readonly List<FoundJob> _new = [];
    private readonly List<FoundJob> _cameBack = [];

    // Strangers below the deepest job of the frontier that was found: new if another one stands below them.
    private readonly List<FoundJob> _undecided = [];
    private DateTimeOffset? _firstTime;
    private bool _isClosed;

    /// <summary>How many jobs were read.</summary>
    public long Count { get; private set; }

    /// <summary>The newest jobs: those of the newest second, and as many more as a frontier holds.</summary>
    public IReadOnlyList<JobKey> Newest => _newest;

    /// <summary>How many of the newest jobs there are down to the last one created in the second of the first, or later.</summary>
    public int NewestSecond { get; private set; }

    /// <summary>When the youngest job was created, of those read and those before.</summary>
    public DateTimeOffset? NewestTime { get; private set; } = frontier.NewestTime;

    /// <summary>The index in the frontier of its lowest job found; -1 when none was.</summary>
    public int Deepest { get; private set; } = -1;

    /// <summary>Whether that job is the last one read, and not the last of the list.</summary>
    public bool EndsAtDeepest { get; private set; }

    /// <summary>How much lower the frontier stands than before: what came above it less what went.</summary>
    public long Shift { get; private set; }

    /// <summary>Whether two jobs of the frontier stood the other way round.</summary>
    public bool OrderBroke { get; private set; }

    public bool ReachedEnd { get; private set; }

    /// <summary>Whether nothing below can be new, so that reading can end.</summary>
    public bool IsClosed => _isClosed && !OrderBroke;

    /// <summary>Whether nothing is left of the frontier, so that new jobs cannot be told from old ones.</summary>
    public bool IsLost => ReachedEnd && _undecided.Count > 0;

    /// <summary>Whether no job is new.</summary>
    public bool IsQuiet => _isClosed && _new.Count == 0;

    /// <summary>The jobs that came since. When the frontier is lost or the order broke: that may have.</summary>
    public IEnumerable<FoundJob> New => _new.Concat(_undecided);

    /// <summary>Unfinished jobs below the frontier that are not followed: they had finished, and run again.</summary>
    public IReadOnlyList<FoundJob> CameBack => _cameBack;

    /// <summary>Whether a job was seen among the newest ones, or above the point where reading could have ended.</summary>
    public bool Contains(JobKey key) => _keys.Contains(key);

    /// <summary>Takes the next job of the list.</summary>
    /// <param name="found">The job.</param>
    /// <param name="isKnown">Whether it is remembered.</param>
    /// <param name="wasTold">Whether it is no longer remembered, but was not long ago.</param>
    public void See(FoundJob found, bool isKnown, bool wasTold)
    {
        Remember(found);
        int index = frontier.IndexOf(found.Key);
        if (index >= 0)
        {
            Recognise(index, found.Place);
        }

        EndsAtDeepest = index >= 0 && index == Deepest;
        if (isKnown)
        {
            return;
        }

        bool isStranger = index < 0 && !wasTold;
        if (isStranger && found.Job.CreateTime > frontier.NewestTime)
        {
            _new.Add(found);
        }
        else if (isStranger && !_isClosed)
        {
            _undecided.Add(found);
        }
        else if (!found.Job.IsFinished)
        {
            _cameBack.Add(found);
        }
    }

    /// <summary>The page is over: decides whether enough was read.</summary>
    public void EndPage()
    {
        if (frontier.IsSettled(Deepest))
        {
            _isClosed = true;
            _cameBack.AddRange(_undecided.Where(found => !found.Job.IsFinished));
            _undecided.Clear();
        }
    }

    /// <summary>The list is over.</summary>
    public void EndList()
    {
        ReachedEnd = true;
        EndsAtDeepest = false;
        if (frontier.Count == 0)
        {
            AcceptUndecided();
        }

        _isClosed |= _undecided.Count == 0;
    }

    private void Remember(FoundJob found)
    {
        DateTimeOffset? time = found.Job.CreateTime;
        _firstTime = Count++ == 0 ? time : _firstTime;
        NewestTime = NewestTime > time ? NewestTime : time ?? NewestTime;
        bool isNewest = _newest.Count - NewestSecond < frontier.Size || time >= _firstTime;
        if (isNewest && _newest.Count < MaxNewest * frontier.Size)
        {
            _newest.Add(found.Key);
            _keys.Add(found.Key);
            NewestSecond = time >= _firstTime ? _newest.Count : NewestSecond;
        }
        else if (!_isClosed)
        {
            _keys.Add(found.Key);
        }
    }

    private void Recognise(int index, long place)
    {
        AcceptUndecided();
        if (index > Deepest)
        {
            Deepest = index;
            Shift = place - frontier.PlaceAt(index);
        }
        else
        {
            // While a walk goes on, jobs may come in above others that it has yielded: within the newest second, the order can differ from the one
            // remembered.
            OrderBroke |= index >= frontier.SettledFrom;
        }
    }

    private void AcceptUndecided()
    {
        _new.AddRange(_undecided);
        _undecided.Clear();
    }
}
