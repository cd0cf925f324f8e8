using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KooDrive.Jobs.Streams;

/// <summary>The services of a <see cref="JobsClient"/>, which configuration cannot bind.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class JobsClientServices
{
    /// <summary>
    /// The HttpClient that sends the requests. Null (the default) means an HttpClient that the client creates, with retries, and disposes.
    /// To keep the retries of the library, set <see cref="HttpHandler"/> instead.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The client neither changes nor disposes this HttpClient, whose handlers are responsible for retries and connections: <see cref="JobsClientOptions.MaxRetries"/>,
    /// <see cref="JobsClientOptions.RetryBudget"/>, <see cref="JobsClientOptions.RetryDelay"/> and <see cref="JobsClientOptions.ConnectionLifetime"/> do not
    /// apply. The timeouts of the options apply in addition to <see cref="HttpClient.Timeout"/>, which does not cover the body:
    /// <see cref="JobsClientOptions.AttemptTimeout"/> covers one call of the HttpClient, including its retries.
    /// </para>
    /// <para>
    /// The HttpClient should not follow redirects: a response from another host is rejected, but the request has already been sent to that host. The address of its proxy, if
    /// any, should not contain a password, because the spans of .NET show the address: set the credentials of the proxy instead.
    /// </para>
    /// </remarks>
    public HttpClient? HttpClient { get; init; }

    /// <summary>
    /// The handler that sends the requests, such as a <see cref="SocketsHttpHandler"/> with a client certificate. Null (the default) means a handler that the client
    /// creates. Set this property or <see cref="HttpClient"/>, not both.
    /// </summary>
    /// <remarks>
    /// All options apply, including retries and timeouts, except <see cref="JobsClientOptions.ConnectionLifetime"/>, which is up to the handler. The client does not
    /// dispose the handler, so that several clients may share it. The handler should not retry, because two layers of retries multiply, and should not follow
    /// redirects.
    /// </remarks>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>
    /// Limits the requests, for example those of several processes with a distributed rate limiter. Null (the default) means none; for a number of requests per second,
    /// set <see cref="JobsClientOptions.MaxRequestsPerSecond"/> instead.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Every attempt, including retries, acquires one permit before it is sent, and disposes the lease after the response. The wait counts toward
    /// <see cref="JobsClientOptions.RequestTimeout"/>, but not toward <see cref="JobsClientOptions.AttemptTimeout"/>. If the rate limiter grants no permit, because
    /// its queue is full, the attempt fails with a transient <see cref="JobsThrottledException"/>, with <see cref="MetadataName.RetryAfter"/> of the lease as
    /// <see cref="JobsException.RetryAfter"/>. The order of waiting requests is that of the rate limiter: choose the oldest first, so that no user starves.
    /// </para>
    /// <para>
    /// All clients with the same rate limiter share its pauses: after a response of HTTP 429 or 503 with <c>Retry-After</c>, none of them sends a request until that
    /// time has passed. A permit that is granted during a pause is disposed, and another one acquired after the pause. With
    /// <see cref="JobsClientOptions.MaxRequestsPerSecond"/> too, both limits apply. The client does not dispose the rate limiter.
    /// </para>
    /// </remarks>
    public RateLimiter? RateLimiter { get; init; }

    /// <summary>
    /// The callback for pauses, so that several processes can pause together. It receives the remaining length of the pause when a response of HTTP 429 or 503
    /// with <c>Retry-After</c> starts or extends the pause of the client. Null (the default) means none.
    /// </summary>
    /// <remarks>
    /// The length is at most <see cref="JobsClientOptions.MaxRetryDelay"/>. Called by the requests, concurrently, so the function must be thread-safe and return soon. An
    /// exception that it throws is logged, and has no other effect.
    /// </remarks>
    public Action<TimeSpan>? OnPaused { get; init; }

    /// <summary>The clock of <c>X-Date</c>, delays and timeouts. Default <see cref="TimeProvider.System"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = TimeProvider.System;

    /// <summary>
    /// Creates the loggers of the client and its watches. Default <see cref="NullLoggerFactory.Instance"/>, which logs nothing.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ILoggerFactory LoggerFactory
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = NullLoggerFactory.Instance;
}
