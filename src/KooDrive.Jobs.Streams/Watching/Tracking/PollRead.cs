namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>The next read of a poll.</summary>
internal abstract record PollRead
{
    private PollRead()
    {
    }

    /// <summary>The jobs with a status, page by page.</summary>
    internal sealed record Filter(JobStatus Status) : PollRead;

    /// <summary>The newest jobs, in one page.</summary>
    internal sealed record Top(int Limit) : PollRead;

    /// <summary>The whole list from its top, page by page.</summary>
    internal sealed record Head : PollRead;

    /// <summary>One page of the whole list.</summary>
    internal sealed record Window(long Offset) : PollRead;
}
