using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KooDrive.Jobs.Streams;

/// <summary>The services of a <see cref="JobsClient"/>, which configuration cannot bind.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class JobsClientServices
{
    /// <summary>
    /// The HttpClient that sends the requests. Null, the default, for an HttpClient that the client creates, with retries, and disposes.
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
