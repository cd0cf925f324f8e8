namespace KooDrive.Jobs.Streams.Listing;

/// <summary>
/// Enumerates the jobs of a walk. Within a page it completes synchronously; written by hand, because an <c>async</c> iterator costs several times as
/// much per job.
/// </summary>
internal sealed class JobEnumerator(JobWalk walk) : IAsyncEnumerator<Job>
{
    private Job[] _jobs = [];
    private int _index = -1;
    private int _end;

    public Job Current => _jobs[_index];

    public ValueTask<bool> MoveNextAsync() => ++_index < _end ? new ValueTask<bool>(true) : MoveToNextPageAsync();

    public ValueTask DisposeAsync() => walk.DisposeAsync();

    private async ValueTask<bool> MoveToNextPageAsync()
    {
        WalkedPage? read = await walk.ReadAsync().ConfigureAwait(false);
        ArraySegment<Job> jobs = read?.NewJobs ?? ArraySegment<Job>.Empty;
        _jobs = jobs.Array!;
        _index = jobs.Offset;
        _end = jobs.Offset + jobs.Count;
        return jobs.Count > 0;
    }
}
