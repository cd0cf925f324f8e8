namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary>The filters of <c>koojobs list</c> that the API does not have, applied to the jobs that were read.</summary>
internal sealed class ListFilter(bool failed, JobResult? result, DateTimeOffset? since, long? max)
{
    // Servers may list a job late, or jobs of one second in any order. Differences of times, unlike sums, are always in range.
    private static readonly TimeSpan Disorder = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _oldest;
    private bool _isSorted = true;
    private long _taken;

    /// <summary>Whether every job that is read is printed, so that the listing itself can apply the maximum.</summary>
    public bool TakesAll => !failed && result is null && since is null;

    /// <summary>Whether no further page can contain a job to print, because there are enough, or because the list is sorted and has reached older jobs.</summary>
    public bool IsDone => _taken >= max || (_isSorted && since - _oldest > Disorder);

    /// <summary>Returns the jobs of a page to print. A job without a creation time is never too old.</summary>
    public IReadOnlyList<Job> Take(IReadOnlyList<Job> page)
    {
        foreach (DateTimeOffset created in page.Select(job => job.CreateTime).OfType<DateTimeOffset>())
        {
            _isSorted &= !(created - _oldest > Disorder);
            _oldest = created < _oldest ? created : _oldest ?? created;
        }

        Job[] taken = [.. page.Where(Matches).Take(max is { } limit ? (int)Math.Min(limit - _taken, page.Count) : page.Count)];
        _taken += taken.Length;
        return taken;
    }

    private bool Matches(Job job) =>
        (!failed || (job.IsFinished && !job.IsSucceeded)) && (result is null || job.Result == result) && !(job.CreateTime < since);
}
