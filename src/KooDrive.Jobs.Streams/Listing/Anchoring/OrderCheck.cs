using System.Runtime.InteropServices;

namespace KooDrive.Jobs.Streams;

/// <summary>
/// Holds a page against the order in which its jobs were seen before: two jobs seen together on an earlier page must not stand the
/// other way round, nor any job twice on one page.
/// </summary>
internal sealed class OrderCheck(RememberedJobs remembered)
{
    private readonly HashSet<string> _onPage = new(TaskIdComparer.Instance);
    private readonly Dictionary<int, int> _furthest = [];

    /// <summary>Checks a page and notes where its remembered jobs stand now.</summary>
    /// <param name="jobs">The page.</param>
    /// <param name="anchor">The index of the remembered job furthest down; -1 for none.</param>
    /// <param name="page">The number of the page.</param>
    /// <param name="offset">Where it starts, for the failure.</param>
    /// <exception cref="JobListingException">The order broke.</exception>
    public void Check(ReadOnlySpan<Job> jobs, int anchor, int page, long offset)
    {
        if (!IsInOrderOfIds(jobs))
        {
            CheckForRepetition(jobs, offset);
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

    /// <summary>Whether each id stands behind the one before, or each before it. Then none is there twice, and no set is needed to see it.</summary>
    private static bool IsInOrderOfIds(ReadOnlySpan<Job> jobs)
    {
        int direction = 0;
        for (int i = 1; i < jobs.Length; i++)
        {
            int order = Math.Sign(string.CompareOrdinal(jobs[i - 1].TaskId, jobs[i].TaskId));
            if (order == 0 || order == -direction)
            {
                return false;
            }

            direction = order;
        }

        return true;
    }

    private void CheckForRepetition(ReadOnlySpan<Job> jobs, long offset)
    {
        _onPage.Clear();
        foreach (Job job in jobs)
        {
            if (!_onPage.Add(job.TaskId))
            {
                throw WalkFailures.RepeatedOnPage(offset, job.TaskId);
            }
        }
    }
}
