using System.Runtime.CompilerServices;
using KooDrive.Jobs.Streams.Model;
using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>Plain offset paging: each page starts at the end of the previous page, and a short page is the end.</summary>
internal sealed class UnanchoredPages(IJobPages inner, JobsClient client, PollingOptions options) : IJobPages
{
    public long RequestCount => inner.RequestCount + Walked;

    public long JobCount => inner.JobCount;

    private long Walked { get; set; }

    public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) => inner.GetPageAsync(offset, cancellationToken);

    public Task<JobPage> GetTopPageAsync(int limit, PageFingerprint previous, CancellationToken cancellationToken) => inner.GetTopPageAsync(limit, previous, cancellationToken);

    public IAsyncEnumerable<JobPage> Walk(JobStatus? status) => WalkAsync(status);

    private async IAsyncEnumerable<JobPage> WalkAsync(JobStatus? status, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (long offset = 0; ; offset += options.PageSize)
        {
            Walked++;
            JobPage page = await client.GetPageAsync(new JobQuery { Type = options.Type, Status = status }, offset, options.PageSize, cancellationToken);
            if (page.Jobs.Count == 0)
            {
                yield break;
            }

            yield return page;
        }
    }
}

/// <summary>Treats a failure as the end of the list, so that the jobs read by a failed poll are committed.</summary>
internal sealed class PagesThatHideFailures(IJobPages inner) : IJobPages
{
    public long RequestCount => inner.RequestCount;

    public long JobCount => inner.JobCount;

    public async Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.GetPageAsync(offset, cancellationToken);
        }
        catch (JobsException)
        {
            return new JobPage { Jobs = [] };
        }
    }

    public async Task<JobPage> GetTopPageAsync(int limit, PageFingerprint previous, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.GetTopPageAsync(limit, previous, cancellationToken);
        }
        catch (JobsException)
        {
            return new JobPage { Jobs = [] };
        }
    }

    public async IAsyncEnumerable<JobPage> Walk(JobStatus? status)
    {
        await using IAsyncEnumerator<JobPage> pages = inner.Walk(status).GetAsyncEnumerator();
        while (true)
        {
            try
            {
                if (!await pages.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (JobsException)
            {
                yield break;
            }

            yield return pages.Current;
        }
    }
}

/// <summary>Reads the filtered lists in the wrong order: processing, then pending.</summary>
internal sealed class PagesWithFiltersSwapped(IJobPages inner) : IJobPages
{
    public long RequestCount => inner.RequestCount;

    public long JobCount => inner.JobCount;

    public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) => inner.GetPageAsync(offset, cancellationToken);

    public Task<JobPage> GetTopPageAsync(int limit, PageFingerprint previous, CancellationToken cancellationToken) => inner.GetTopPageAsync(limit, previous, cancellationToken);

    public IAsyncEnumerable<JobPage> Walk(JobStatus? status) => inner.Walk(status switch
    {
        JobStatus.Pending => JobStatus.Processing,
        JobStatus.Processing => JobStatus.Pending,
        _ => status,
    });
}

/// <summary>Changes the jobs of every page.</summary>
internal sealed class ChangedPages(IJobPages inner, Func<IReadOnlyList<Job>, IReadOnlyList<Job>> change) : IJobPages
{
    public long RequestCount => inner.RequestCount;

    public long JobCount => inner.JobCount;

    public async Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) => Change(await inner.GetPageAsync(offset, cancellationToken));

    public async Task<JobPage> GetTopPageAsync(int limit, PageFingerprint previous, CancellationToken cancellationToken) =>
        Change(await inner.GetTopPageAsync(limit, previous, cancellationToken));

    public async IAsyncEnumerable<JobPage> Walk(JobStatus? status)
    {
        await foreach (JobPage page in inner.Walk(status))
        {
            yield return Change(page);
        }
    }

    private JobPage Change(JobPage page) => new() { Jobs = change(page.Jobs), Offset = page.Offset, Limit = page.Limit, Fingerprint = page.Fingerprint };
}
