using System.Globalization;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Emulator.Store;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class TieShuffleTests
{
    private const string Second = "20260102030405";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Copy_returns_a_page_in_which_only_ties_are_shuffled(int seed)
    {
        var random = new Random(seed);
        var store = new EmulatedJobStore(new JobClock(new FakeTimeProvider(), TimeSpan.Zero));
        foreach (int size in new[] { 1, 2, 150, 1, 1, 310, 3, 100, 99, 101, 20, 1 })
        {
            string createTime = random.NextInt64(10_000_000_000_000, 99_999_999_999_999).ToString(CultureInfo.InvariantCulture);
            store.AddMany(Enumerable.Range(0, size).Select(_ => new EmulatedJob { CreateTime = createTime, Status = random.Next(4) }));
        }

        for (int request = 1; request <= 300; request++)
        {
            var filter = new JobFilter(null, random.Next(3) == 0 ? random.Next(4) : null);
            EmulatedJob[] plain = Copy(store, filter, 0, store.Count, null);
            EmulatedJob[] whole = Copy(store, filter, 0, store.Count, new TieShuffle(seed, request));
            Assert.Equal(plain.Select(job => job.CreateTime), whole.Select(job => job.CreateTime));
            Assert.Equal(plain.ToHashSet(), whole.ToHashSet());

            int offset = random.Next(plain.Length + 5);
            EmulatedJob[] page = Copy(store, filter, offset, random.Next(1, 101), new TieShuffle(seed, request));
            Assert.Equal(plain.Skip(offset).Take(page.Length).Select(job => job.CreateTime), page.Select(job => job.CreateTime));
            Assert.Equal(page.Length, page.Distinct().Count());
        }
    }

    [Fact]
    public void Copy_moves_each_job_of_a_group_to_each_position()
    {
        var store = new EmulatedJobStore(new JobClock(new FakeTimeProvider(), TimeSpan.Zero));
        store.AddMany(Enumerable.Range(1, 5).Select(number => new EmulatedJob { TaskId = $"{number}", CreateTime = Second }));
        int[,] counts = new int[5, 6];

        for (int request = 1; request <= 5_000; request++)
        {
            EmulatedJob job = Assert.Single(Copy(store, default, request % 5, 1, new TieShuffle(1, request)));
            counts[request % 5, int.Parse(job.TaskId, CultureInfo.InvariantCulture)]++;
        }

        // 200 each on average, with a standard deviation of 13.
        Assert.All(
            from position in Enumerable.Range(0, 5) from number in Enumerable.Range(1, 5) select counts[position, number],
            count => Assert.InRange(count, 130, 270));
    }

    [Fact]
    public async Task ShuffleTies_orders_ties_by_seed_and_request_number()
    {
        string[] first = await RequestAllAsync(seed: 7);

        Assert.Equal(20, first.Distinct().Count());
        Assert.Equal(first, await RequestAllAsync(seed: 7));
        Assert.NotEqual(first, await RequestAllAsync(seed: 8));
    }

    [Fact]
    public async Task ShuffleTies_is_off_by_default()
    {
        await using JobsEmulator emulator = await StartAsync(new());
        using var client = new PlainClient(emulator);
        Assert.Equal(await client.TaskIdsAsync("offset=0&limit=100"), await client.TaskIdsAsync("offset=0&limit=100"));
    }

    /// <summary>The order of 20 jobs of one second, once for each of 20 requests.</summary>
    private static async Task<string[]> RequestAllAsync(int seed)
    {
        await using JobsEmulator emulator = await StartAsync(new() { ShuffleTies = true, Seed = seed });
        using var client = new PlainClient(emulator);
        emulator.Jobs.AddMany(Enumerable.Range(1, 20).Select(number => new EmulatedJob { TaskId = $"{number}", CreateTime = Second }));
        string[] orders = new string[20];
        for (int request = 0; request < orders.Length; request++)
        {
            orders[request] = string.Join(' ', await client.TaskIdsAsync("offset=0&limit=100"));
        }

        return orders;
    }

    private static EmulatedJob[] Copy(EmulatedJobStore store, JobFilter filter, long offset, int limit, TieShuffle? shuffle)
    {
        var page = new EmulatedJob[limit];
        int count = shuffle is { } order ? store.CopyPage(filter, offset, page, order) : store.CopyPage(filter, offset, page);
        return page[..count];
    }

    private static Task<JobsEmulator> StartAsync(JobsEmulatorOptions options) =>
        JobsEmulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
}
