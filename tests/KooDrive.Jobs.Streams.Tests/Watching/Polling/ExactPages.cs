using System.Runtime.CompilerServices;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>
/// Walks that keep what <see cref="IJobPages.Walk"/> promises whatever the list does, with the help of a server that knows what was yielded: so the tests
/// of the watch under ties do not depend on how a listing finds its place among them.
/// </summary>
internal sealed class ExactPages(InMemoryJobs server, PollingOptions options) : IJobPages
{
    private readonly ClientPages _pages = new(new InMemoryJobsClient(server), options);

    public long Requests => _pages.Requests + Walked;

    public long Jobs => _pages.Jobs + WalkedJobs;

    private long Walked { get; set; }

    private long WalkedJobs { get; set; }

    public Task<JobPage> GetPageAsync(long offset, CancellationToken cancellationToken) => _pages.GetPageAsync(offset, cancellationToken);

    public IAsyncEnumerable<JobPage> Walk(JobStatus? status, JobPage? first = null) => WalkAsync(status, first);

    private async IAsyncEnumerable<JobPage> WalkAsync(JobStatus? status, JobPage? first, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = new JobQuery { Type = options.Type, Status = status };
        HashSet<string> yielded = [];
        DateTimeOffset last = DateTimeOffset.MaxValue;
        while (true)
        {
            await Task.CompletedTask;
            cancellationToken.ThrowIfCancellationRequested();
            List<Job> jobs = [.. first?.Jobs ?? Next()];
            first = null;
            if (jobs.Count == 0)
            {
                yield break;
            }

            yielded.UnionWith(jobs.Select(InMemoryJobs.IdOf));
            last = jobs[^1].CreateTime ?? last;
            yield return new JobPage { Jobs = jobs };
        }

        IEnumerable<Job> Next()
        {
            Walked++;
            List<Job> view = [.. server.View(query, yielded.Count, options.PageSize).Where(job => server.IsServed(job, query))];
            bool isByTime = view.All(job => job.CreateTime is not null) && view.Zip(view.Skip(1)).All(pair => pair.First.CreateTime >= pair.Second.CreateTime);
            int deepest = view.FindLastIndex(job => yielded.Contains(InMemoryJobs.IdOf(job)));
            List<Job> rest = [.. view.Where((job, index) => !yielded.Contains(InMemoryJobs.IdOf(job)) && (isByTime ? job.CreateTime <= last : index > deepest))];
            rest = [.. rest.Take(Math.Min(options.PageSize, server.MaxLimit))];
            WalkedJobs += rest.Count;
            return rest;
        }
    }
}
