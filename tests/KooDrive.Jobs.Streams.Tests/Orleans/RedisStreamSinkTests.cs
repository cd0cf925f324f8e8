using System.Globalization;
using System.Text.Json;
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
        await using var late = new RedisServer { Port = EmbeddedSilo.FreePort() };
        await using RedisStreamSink sink = Create(options => options.Configuration = $"127.0.0.1:{late.Port},connectRetry=0,connectTimeout=500");
        await Assert.ThrowsAnyAsync<RedisException>(async () => await sink.WriteAsync(Event(1), TestContext.Current.CancellationToken));

        await late.InitializeAsync();
        await sink.WriteAsync(Event(1), TestContext.Current.CancellationToken);

        Assert.Equal(1, await late.Database.StreamLengthAsync(_stream));
    }

    [Fact]
    public async Task Connection_of_the_caller_is_used_and_stays_open()
    {
        redis.SkipIfMissing();
        IConnectionMultiplexer connection = redis.Database.Multiplexer;
        await using (var sink = new RedisStreamSink(new RedisStreamSinkOptions { StreamKey = _stream }, connection))
        {
            await sink.WriteAsync(Event(1), TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, await redis.Database.StreamLengthAsync(_stream));
    }

    [Fact]
    public void Constructor_reports_every_error_together_without_the_password()
    {
        var options = new RedisStreamSinkOptions { Configuration = "127.0.0.1,password=secret,rest-of-secret=1", StreamKey = "", MaxLength = 0 };

        JobsOptionsException failure = Assert.Throws<JobsOptionsException>(() => new RedisStreamSink(options));

        Assert.Equal(
            [nameof(options.Configuration), nameof(options.StreamKey), nameof(options.MaxLength)], failure.Failures.Select(text => text[..text.IndexOf(' ', StringComparison.Ordinal)]));
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("missing", Assert.Throws<JobsOptionsException>(() => new RedisStreamSink(new RedisStreamSinkOptions())).Message, StringComparison.Ordinal);
    }

    private static AccountJobEvent Event(int number) =>
        new(Account, new JobListed { Job = new Job { TaskId = number.ToString(CultureInfo.InvariantCulture), Status = JobStatus.Processing } });

    private RedisStreamSink Create(Action<RedisStreamSinkOptions>? change = null)
    {
        redis.SkipIfMissing();
        var options = new RedisStreamSinkOptions { Configuration = $"127.0.0.1:{redis.Port}", StreamKey = _stream };
        change?.Invoke(options);
        return new RedisStreamSink(options);
    }
}
