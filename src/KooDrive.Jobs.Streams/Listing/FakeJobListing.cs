using System.Runtime.CompilerServices;

namespace KooDrive.Jobs.Streams.Listing;

/// <summary>A listing over pages that somebody made up: see <see cref="JobListing.FromPages"/>.</summary>
internal sealed class FakeJobListing(IEnumerable<JobPage> script) : JobListing
{
    public override async IAsyncEnumerator<Job> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var page in AsPages().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var job in page.Jobs)
            {
                yield return job;
            }
        }
    }

    public override string ToString() => "Jobs of pages made up for tests";

    public override IAsyncEnumerable<JobPage> AsPages(string? resumePoint = null) => ReadAsync(resumePoint);

    private async IAsyncEnumerable<JobPage> ReadAsync(string? resumePoint, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Nothing here waits, but callers see the same as with a server: what goes wrong is thrown by MoveNextAsync.
        await Task.CompletedTask.ConfigureAwait(false);
        var place = new FakeListingPosition();
        bool isThere = resumePoint is null || resumePoint == place.ResumePoint;
        using var pages = script.GetEnumerator();
        while (Next(pages, place, cancellationToken) is { } page)
        {
            if (isThere)
            {
                yield return page;
            }

            isThere |= resumePoint == page.ResumePoint;
        }

        if (!isThere)
        {
            throw new ArgumentException("The resume point is of none of the script's pages.", nameof(resumePoint));
        }
    }

    /// <summary>The next page that holds jobs; null at the end.</summary>
    private static JobPage? Next(IEnumerator<JobPage> pages, FakeListingPosition place, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!pages.MoveNext())
                {
                    return null;
                }
            }
            while (pages.Current.Jobs.Count == 0);
        }
        catch (JobsException exception)
        {
            exception.SetResumePoint(exception.ResumePoint ?? place.ResumePoint);
            throw;
        }

        return place.MoveAfter(pages.Current);
    }
}
