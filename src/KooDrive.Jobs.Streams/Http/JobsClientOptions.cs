using KooDrive.Jobs.Streams.Http;

namespace KooDrive.Jobs.Streams;

/// <summary>The options of a <see cref="JobsClient"/>: the service and how requests are sent.</summary>
/// <remarks>
/// The constructor of the client validates and copies the options: every error is listed in one <see cref="JobsOptionsException"/>, and later changes have no
/// effect on the client. Configuration can bind every option; the credential is an argument of the constructor.
/// </remarks>
public sealed class JobsClientOptions
{
    /// <summary>Creates options with the default values.</summary>
    public JobsClientOptions()
    {
    }

    /// <summary>Creates a copy of options, for clients that differ in a few of them.</summary>
    /// <param name="options">The options to copy; later changes of them have no effect on the copy.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public JobsClientOptions(JobsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // An address of its own: a new Uri is not thread-safe (IsLoopback).
        Endpoint = options.Endpoint is { } endpoint ? new Uri(endpoint.OriginalString, UriKind.RelativeOrAbsolute) : null;
        AllowHttp = options.AllowHttp;
        UserId = options.UserId;
        AuthorizationPrefix = options.AuthorizationPrefix;
        Language = options.Language;
        TimestampOffset = options.TimestampOffset;
        MaxResponseBytes = options.MaxResponseBytes;
        MaxRequestsPerSecond = options.MaxRequestsPerSecond;
        MaxRetries = options.MaxRetries;
        RetryBudget = options.RetryBudget;
        RetryDelay = options.RetryDelay;
        MaxRetryDelay = options.MaxRetryDelay;
        AttemptTimeout = options.AttemptTimeout;
        RequestTimeout = options.RequestTimeout;
        ConnectionLifetime = options.ConnectionLifetime;
    }

    /// <summary>The base address of the service, such as <c>https://intl.myhuaweicloud-koodrive.com</c>. Required.</summary>
    /// <remarks>A path in the address precedes the path of the API. The address must not contain a query, a fragment or user information.</remarks>
    public Uri? Endpoint { get; set; }

    /// <summary>Whether plain http is accepted for hosts other than loopback, although it exposes the credential. Default false.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>The user's id on KooDrive, sent as <c>X-User-Id</c>. Required, even with an access token.</summary>
    public string? UserId { get; set; }

    /// <summary>The text that precedes the token in <c>Authorization</c>. Default <c>Bearer+</c>, with a literal plus.</summary>
    /// <remarks>The default is what the API document and its example show; other pages of the same documents show <c>"Bearer "</c> or no prefix.</remarks>
    public string AuthorizationPrefix { get; set; } = "Bearer+";

    /// <summary>The language of the server's messages, sent as <c>language</c>. Default <c>en-US</c>.</summary>
    public string Language { get; set; } = "en-US";

    /// <summary>The offset from UTC of the server's timestamps, in whole minutes, -14 to 14 hours. Default zero.</summary>
    /// <remarks>The API document names no time zone.</remarks>
    public TimeSpan TimestampOffset { get; set; }

    /// <summary>The maximum size of a response in bytes, after decompression, 1 KiB to 1 GiB. Default 8 MiB.</summary>
    public int MaxResponseBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The maximum number of requests per second, 0.01 to 100,000. Null (the default) means no limit.</summary>
    /// <remarks>
    /// The limit applies to all attempts of this client and of the clients for other users that it creates (<see cref="JobsClient.ForUser"/>), including retries.
    /// Attempts are sent evenly spaced, in the order in which they arrive, so no user starves, and there is no burst after idle time. A pause that the server
    /// requests (<see cref="MaxRetryDelay"/>) stops all of them. The time that an attempt waits counts toward <see cref="RequestTimeout"/>, after which the request
    /// fails with a <see cref="JobsThrottledException"/>, but not toward <see cref="AttemptTimeout"/>.
    /// </remarks>
    public double? MaxRequestsPerSecond { get; set; }

    /// <summary>The maximum number of retries of a request after transient failures, 0 to 10. Default 4.</summary>
    /// <remarks>
    /// This option, <see cref="RetryBudget"/>, <see cref="RetryDelay"/> and <see cref="ConnectionLifetime"/> apply only without a caller-supplied HttpClient
    /// (<see cref="JobsClientServices.HttpClient"/>).
    /// </remarks>
    public int MaxRetries { get; set; } = 4;

    /// <summary>The number of retries that all requests of the client share, 1 to 10,000. Default 20.</summary>
    /// <remarks>
    /// A retry takes one from the budget, and a successful page returns one. While the budget is empty, a failure is reported without a retry, so that a server
    /// that is down receives fewer requests instead of more. With the default, retries continue as long as at most half of all attempts fail.
    /// </remarks>
    public int RetryBudget { get; set; } = 20;

    /// <summary>The delay before the first retry, 0 to 1 minute. Default 0.5 seconds. It doubles with each retry; jitter is added.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The maximum delay before a retry, 0 to 10 minutes. Default 30 seconds.</summary>
    /// <remarks>
    /// If <c>Retry-After</c> requires a longer delay, the request is not retried: the failure is reported with that delay. This option also limits the time for
    /// which <c>Retry-After</c> of a 429 or 503 pauses the other requests of the client and of the clients that share its connections or its rate limiter, even with
    /// a caller-supplied HttpClient.
    /// </remarks>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The timeout of one attempt, including the body, 0.1 seconds to 10 minutes and at most <see cref="RequestTimeout"/>. Default 30 seconds.
    /// </summary>
    /// <remarks>With a caller-supplied HttpClient, an attempt is one call of that HttpClient, including the retries of its handlers.</remarks>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The timeout of a request, including its token, retries and delays, also those of <c>Retry-After</c> and of the request rate, 0.1 seconds to 1 hour. Default
    /// 2 minutes.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The lifetime of a connection, after which a change of DNS takes effect, 1 second to 1 day. Default 2 minutes.</summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Returns a valid copy that later changes do not affect.</summary>
    /// <exception cref="JobsOptionsException">The options are invalid; the exception lists every error.</exception>
    internal JobsClientOptions Validated(string parameterName)
    {
        var copy = new JobsClientOptions(this);
        JobsClientOptionsValidator.Check(copy).ThrowIfFailed(parameterName);
        return copy;
    }
}
