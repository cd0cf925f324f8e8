using BenchmarkDotNet.Attributes;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>
/// What handing out a job costs when its page is in hand: the library's enumerator on one page of all jobs, beside a plain array and
/// beside an <c>async</c> iterator. The page is fetched, and checked by the walk, before the clock starts.
/// </summary>
[MemoryDiagnoser]
public class EnumeratorBenchmarks
{
    public const int Jobs = 100_000;

    private readonly Job[] _jobs = [.. Enumerable.Range(0, Jobs).Select(i => new Job { TaskId = $"{1_320_279_189_273_965_056 - i}" })];
    private IAsyncEnumerator<Job> _listed = null!;
    private IAsyncEnumerator<Job> _iterated = null!;

    [IterationSetup]
    public void Begin()
    {
        _listed = new AnchoredJobListing(
            (_, offset, limit, _) => Task.FromResult(new JobPage { Jobs = offset == 0 ? _jobs : _jobs[^1..], Offset = offset, Limit = limit }),
            JobQuery.All,
            new JobListingOptions(),
            ClientTelemetry.None).GetAsyncEnumerator();
        _iterated = IterateAsync().GetAsyncEnumerator();
        _listed.MoveNextAsync().AsTask().GetAwaiter().GetResult();
        _iterated.MoveNextAsync().AsTask().GetAwaiter().GetResult();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Jobs)]
    public int Array()
    {
        int length = 0;
        foreach (Job job in _jobs)
        {
            length += job.TaskId.Length;
        }

        return Check(length);
    }

    [Benchmark(OperationsPerInvoke = Jobs)]
    public Task<int> Enumerator() => DrainAsync(_listed);

    [Benchmark(OperationsPerInvoke = Jobs)]
    public Task<int> Async_iterator() => DrainAsync(_iterated);

    private static async Task<int> DrainAsync(IAsyncEnumerator<Job> jobs)
    {
        int length = 0;
        do
        {
            length += jobs.Current.TaskId.Length;
        }
        while (await jobs.MoveNextAsync());
        return Check(length);
    }

    private static int Check(int length) =>
        length == 19 * Jobs ? length : throw new InvalidOperationException($"The jobs handed out have ids of {length} digits in all.");

    private async IAsyncEnumerable<Job> IterateAsync()
    {
        await Task.CompletedTask;
        foreach (Job job in _jobs)
        {
            yield return job;
        }
    }
}
