using BenchmarkDotNet.Attributes;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>
/// The cost of enumerating a job of a page that has been read: the library's enumerator compared with a plain array and an <c>async</c>
/// iterator. The pages are read and checked before the measurement starts, and they fit into the processor's cache, so that neither the
/// network nor the memory is measured.
/// </summary>
[MemoryDiagnoser]
public class EnumeratorBenchmarks
{
    public const int Jobs = JobsOfAPage * Pages;
    private const int JobsOfAPage = 100;
    private const int Pages = 1_000;
    private const int DigitsOfAnId = 19;

    private readonly Job[] _jobs = [.. Enumerable.Range(0, JobsOfAPage).Select(i => new Job { TaskId = $"{1_320_279_189_273_965_056 - i}" })];
    private IAsyncEnumerator<Job>[] _listed = [];
    private IAsyncEnumerator<Job>[] _iterated = [];

    [IterationSetup]
    public void Begin()
    {
        using var client = new FakeClient(_ => _jobs);
        JobListing listing = client.ListJobs();
        _listed = Started(() => listing.GetAsyncEnumerator());
        _iterated = Started(() => IterateAsync().GetAsyncEnumerator());
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Jobs)]
    public int Array()
    {
        int length = 0;
        for (int page = 0; page < Pages; page++)
        {
            foreach (Job job in _jobs)
            {
                length += job.TaskId.Length;
            }
        }

        return Check(length);
    }

    [Benchmark(OperationsPerInvoke = Jobs)]
    public Task<int> Enumerator() => DrainAsync(_listed);

    [Benchmark(OperationsPerInvoke = Jobs)]
    public Task<int> Async_iterator() => DrainAsync(_iterated);

    /// <summary>Stops at the last job of each page, because the next page is requested after it.</summary>
    private static async Task<int> DrainAsync(IAsyncEnumerator<Job>[] pages)
    {
        int length = 0;
        foreach (IAsyncEnumerator<Job> jobs in pages)
        {
            length += jobs.Current.TaskId.Length;
            for (int i = 1; i < JobsOfAPage && await jobs.MoveNextAsync(); i++)
            {
                length += jobs.Current.TaskId.Length;
            }
        }

        return Check(length);
    }

    private static int Check(int length) =>
        length == DigitsOfAnId * Jobs ? length : throw new InvalidOperationException($"The jobs handed out have ids of {length} digits in all.");

    private static IAsyncEnumerator<Job>[] Started(Func<IAsyncEnumerator<Job>> create) => [.. Enumerable.Range(0, Pages).Select(_ =>
    {
        IAsyncEnumerator<Job> jobs = create();
        jobs.MoveNextAsync().AsTask().GetAwaiter().GetResult();
        return jobs;
    })];

    private async IAsyncEnumerable<Job> IterateAsync()
    {
        await Task.CompletedTask;
        foreach (Job job in _jobs)
        {
            yield return job;
        }
    }
}
