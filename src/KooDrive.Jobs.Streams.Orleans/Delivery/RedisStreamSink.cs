using System.Text.Json;
using KooDrive.Jobs.Streams.Diagnostics;
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
    private readonly bool _ownsConnection;
    private volatile IConnectionMultiplexer? _connection;

    /// <summary>Creates a sink with a connection of its own. It connects when it receives the first event.</summary>
    /// <param name="options">The options: the servers and the stream.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    public RedisStreamSink(RedisStreamSinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated(hasConnection: false, nameof(options));
        _ownsConnection = true;
    }

    /// <summary>Creates a sink that uses a connection of the caller.</summary>
    /// <param name="options">The options. <see cref="RedisStreamSinkOptions.Configuration"/> has no effect.</param>
    /// <param name="connection">The connection. The sink does not dispose it.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    public RedisStreamSink(RedisStreamSinkOptions options, IConnectionMultiplexer connection)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(connection);
        _options = options.Validated(hasConnection: true, nameof(options));
        _connection = connection;
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

    /// <summary>Closes the connection, unless it is the caller's.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ownsConnection && _connection is { } connection)
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
