using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// Holds a page against the order in which its jobs were seen before: two jobs seen together on an earlier page must not stand the
/// other way round, nor any job twice on one page.
/// </summary>
internal sealed class OrderCheck(RememberedJobs remembered)
{
    private readonly HashSet<string> _onPage = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _furthest = [];

    /// <summary>Checks a page and notes where its remembered jobs stand now.</summary>
    /// <param name="jobs">The page.</param>
    /// <param name="anchor">The index of the remembered job furthest down; -1 for none.</param>
    /// <param name="page">The number of the page.</param>
    /// <param name="offset">Where it starts, for the failure.</param>
    /// <exception cref="JobListingException">The order broke.</exception>
    public void Check(ReadOnlySpan<Job> jobs, int anchor, int page, long offset)
    {
        _onPage.Clear();
        foreach (Job job in jobs)
        {
            if (!_onPage.Add(job.TaskId))
            {
                throw WalkFailures.RepeatedOnPage(offset, job.TaskId);
            }
        }

        _furthest.Clear();
        for (int i = 0; i <= anchor; i++)
        {
            if (remembered.TryGetSighting(jobs[i].TaskId, out RememberedJobs.Sighting before))
            {
                ref int furthest = ref CollectionsMarshal.GetValueRefOrAddDefault(_furthest, before.Page, out _);
                if (before.Index < furthest)
                {
                    throw WalkFailures.OrderChanged(offset, jobs[i].TaskId);
                }

                furthest = before.Index;
                remembered.SawAgain(jobs[i].TaskId, new(page, i));
            }
        }
    }
}
