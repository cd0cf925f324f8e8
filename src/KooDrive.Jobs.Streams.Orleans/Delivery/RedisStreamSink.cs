using System.Text.Json;
using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace KooDrive.Jobs.Streams;

/// <summary>Appends events to a Redis stream (<c>XADD</c>). Thread-safe.</summary>
/// <remarks>
/// Each entry has the fields <c>account</c>, <c>key</c> (<see cref="AccountJobEvent.Key"/>, empty for an event without a job) and <c>event</c>, the event as
/// JSON in the format of <see cref="JobEventJsonConverter{TEvent}"/>. An entry is as durable as Redis is configured to be.
/// </remarks>
public sealed class RedisStreamSink : IJobEventSink, IAsyncDisposable
{
    private static readonly RedisValue AccountField = "account";
    private static readonly RedisValue KeyField = "key";
    private static readonly RedisValue EventField = "event";

    private readonly SemaphoreSlim _connecting = new(1);
    private readonly RedisStreamSinkOptions _options;
    private volatile IConnectionMultiplexer? _connection;

    /// <summary>Creates a sink, which connects when it receives the first event.</summary>
    /// <param name="options">The options: the servers and the stream.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">The options are invalid.</exception>
    public RedisStreamSink(IOptions<RedisStreamSinkOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        if (_options.Configuration is null)
        {
            throw new ArgumentException($"{nameof(RedisStreamSinkOptions.Configuration)} is missing: set the address of Redis.", nameof(options));
        }

        if (string.IsNullOrEmpty(_options.StreamKey) || _options.MaxLength < 1)
        {
            throw new ArgumentException(
                $"{nameof(RedisStreamSinkOptions.StreamKey)} must not be empty, and {nameof(RedisStreamSinkOptions.MaxLength)} must be 1 or more.", nameof(options));
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(AccountJobEvent jobEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(jobEvent);
        IConnectionMultiplexer connection = _connection ?? await ConnectAsync(cancellationToken).ConfigureAwait(false);
        NameValueEntry[] entry =
        [
            new(AccountField, jobEvent.Account.ToString()),
            new(KeyField, jobEvent.Key ?? ""),
            new(EventField, JsonSerializer.SerializeToUtf8Bytes(jobEvent.Event, JobsJsonContext.Default.JobEvent)),
        ];

        // Redis has the entry when the command has completed, even if the caller no longer waits: the event is delivered again then.
        await connection.GetDatabase()
            .StreamAddAsync(_options.StreamKey, entry, maxLength: _options.MaxLength, useApproximateMaxLength: true)
            .IgnoreLateFailure().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _connecting.Dispose();
    }

    private async Task<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(_options.Configuration!).ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }
}
