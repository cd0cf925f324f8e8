using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

[Collection(RedisTests.Name)]
public sealed class RedisStreamSinkTests(RedisServer redis)
{
    private static readonly JobAccount Account = new(new Uri("https://intl.example.com"), "15");

    private readonly string _stream = $"test-{Guid.NewGuid():N}";

    [Fact]
    public async Task WriteAsync_appends_the_account_the_key_and_the_event()
    {
        await using RedisStreamSink sink = Create();
        AccountJobEvent written = Event(7);

        await sink.WriteAsync(written, TestContext.Current.CancellationToken);
        await sink.WriteAsync(new AccountJobEvent(Account, new WatchSynced()), TestContext.Current.CancellationToken);

        StreamEntry[] entries = await redis.Database.StreamRangeAsync(_stream);
        Assert.Equal([$"{Account}", $"{Account}"], entries.Select(entry => (string?)entry["account"]));
        Assert.Equal([written.Key, ""], entries.Select(entry => (string?)entry["key"]));
        Assert.Equal(written.Event, JsonSerializer.Deserialize((string)entries[0]["event"]!, JobsJsonContext.Default.JobEvent));
        Assert.IsType<WatchSynced>(JsonSerializer.Deserialize((string)entries[1]["event"]!, JobsJsonContext.Default.JobEvent));
    }

    [Theory]
    [InlineData(null, 1000, 1000)]

    // Redis trims whole nodes of 100 entries.
    [InlineData(150, 150, 300)]
    public async Task MaxLength_trims_the_stream_approximately(int? maxLength, int min, int max)
    {
        await using RedisStreamSink sink = Create(options => options.MaxLength = maxLength);

        for (int number = 0; number < 1000; number++)
        {
            await sink.WriteAsync(Event(number), TestContext.Current.CancellationToken);
        }

        StreamEntry[] entries = await redis.Database.StreamRangeAsync(_stream);
        Assert.InRange(entries.Length, min, max);
        Assert.Equal(Event(999).Key, (string?)entries[^1]["key"]);
    }

    [Fact]
    public async Task WriteAsync_throws_while_Redis_is_unavailable_and_connects_later()
    {
        redis.SkipIfMissing();
        var endpoint = new ConfigurationOptions { EndPoints = { { "127.0.0.1", EmbeddedSilo.FreePort() } }, ConnectRetry = 0, ConnectTimeout = 500 };
        await using var sink = new RedisStreamSink(Options.Create(new RedisStreamSinkOptions { Configuration = endpoint, StreamKey = _stream }));
        await Assert.ThrowsAnyAsync<RedisException>(async () => await sink.WriteAsync(Event(1), TestContext.Current.CancellationToken));

        endpoint.EndPoints.Clear();
        endpoint.EndPoints.Add("127.0.0.1", redis.Port);
        await sink.WriteAsync(Event(1), TestContext.Current.CancellationToken);

        Assert.Equal(1, await redis.Database.StreamLengthAsync(_stream));
    }

    [Fact]
    public void Constructor_rejects_invalid_options()
    {
        foreach (Action<RedisStreamSinkOptions> change in new Action<RedisStreamSinkOptions>[]
        {
            options => options.Configuration = null, options => options.StreamKey = "", options => options.MaxLength = 0,
        })
        {
            Assert.Throws<ArgumentException>(() => Create(change));
        }
    }

    private static AccountJobEvent Event(int number) =>
        new(Account, new JobListed { Job = new Job { TaskId = number.ToString(CultureInfo.InvariantCulture), Status = JobStatus.Processing } });

    private RedisStreamSink Create(Action<RedisStreamSinkOptions>? change = null)
    {
        redis.SkipIfMissing();
        var options = new RedisStreamSinkOptions { Configuration = ConfigurationOptions.Parse($"127.0.0.1:{redis.Port}"), StreamKey = _stream };
        change?.Invoke(options);
        return new RedisStreamSink(Options.Create(options));
    }
}
