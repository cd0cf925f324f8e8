namespace KooDrive.Jobs.Streams;

/// <summary>How a <see cref="JobsClient"/> reaches its KooDrive.</summary>
/// <remarks>
/// Checked and read once, when the client is made: everything that is wrong comes in one <see cref="JobsOptionsException"/>, and later
/// changes have no effect on that client.
/// </remarks>
public sealed class JobsClientOptions
{
    /// <summary>
    /// The service's base address, e.g. <c>https://intl.myhuaweicloud-koodrive.com</c>. Mandatory. A path in it comes before the
    /// API's own; a query, a fragment or user information in it are refused.
    /// </summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Whether plain http is accepted for hosts that are not loopback. Default false: credentials would travel in the clear.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>The user's id on KooDrive, sent as <c>X-User-Id</c>. Mandatory, with a token too.</summary>
    public string? UserId { get; set; }

    /// <summary>What proves who asks. Mandatory.</summary>
    public JobsCredential? Credential { get; set; }

    /// <summary>
    /// What stands before the token in <c>Authorization</c>. Default <c>Bearer+</c>, with a literal plus, as the API document and its
    /// example show it; other pages of the same documents show <c>"Bearer "</c> or nothing.
    /// </summary>
    public string AuthorizationPrefix { get; set; } = "Bearer+";

    /// <summary>The language of messages, sent as <c>language</c>. Default <c>en-US</c>.</summary>
    public string Language { get; set; } = "en-US";

    /// <summary>
    /// The offset from UTC in which the server writes its times, whole minutes between -14 and +14 hours. Default zero: the document
    /// names no time zone.
    /// </summary>
    public TimeSpan TimestampOffset { get; set; }

    /// <summary>The most bytes that an answer may have after decompression, 1 KiB to 1 GiB. Default 8 MiB.</summary>
    public int MaxResponseBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// How often a request is tried again after a failure that may pass, 0-10. Default 4. Like <see cref="RetryBudget"/>,
    /// <see cref="RetryDelay"/> and <see cref="ConnectionLifetime"/>, it applies to a client that makes its own HttpClient; a caller's HttpClient
    /// brings its own retries. The timeouts below apply to both.
    /// </summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>
    /// How many retries all the pages of this client may take together, those in flight side by side and those of its watches included,
    /// 1-10,000. Default 20. A retry takes one, a page that comes gives one back. When none is left a failure is reported at once instead
    /// of tried again, so that a server that is down gets fewer requests and not more. With half of all attempts failing it still suffices.
    /// </summary>
    public int RetryBudget { get; set; } = 20;

    /// <summary>The delay before the first retry, doubled for each further one, with jitter. 0 to 1 minute. Default 0.5 seconds.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// The longest wait before a retry, 0 to 10 minutes. Default 30 seconds. A server that asks for more in <c>Retry-After</c> is
    /// not asked again: the failure is reported with what it asked for. It is also the longest time that <c>Retry-After</c> of a 429 or 503 pauses
    /// the other requests of the client, with a caller's HttpClient too.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long one attempt may take, body included. 0.1 seconds to 10 minutes, and no longer than <see cref="RequestTimeout"/>.
    /// Default 30 seconds. With a caller's HttpClient, an attempt is one call of it, including retries that its handlers make.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a request may take with its token, all its retries and waits, those for <c>Retry-After</c> included. 0.1 seconds to 1 hour.
    /// Default 2 minutes.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a connection is reused, so that a change of DNS is seen. 1 second to 1 day. Default 2 minutes.
    /// </summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A copy that only the caller has.</summary>
    /// <remarks>The address is copied too: a <see cref="Uri"/> that was not read yet is not thread-safe, <see cref="Uri.IsLoopback"/> above all.</remarks>
    internal JobsClientOptions Copy()
    {
        var copy = (JobsClientOptions)MemberwiseClone();
        copy.Endpoint = Endpoint is null ? null : new Uri(Endpoint.OriginalString, UriKind.RelativeOrAbsolute);
        return copy;
    }
}
