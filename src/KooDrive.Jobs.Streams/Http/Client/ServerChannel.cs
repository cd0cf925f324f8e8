using System.Threading.RateLimiting;
using KooDrive.Jobs.Streams.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The state that all clients of one server share: its connections, timeouts, retries and their budget, the request budget, the correction of the clock and the
/// layout of its pages. Thread-safe.
/// </summary>
internal sealed class ServerChannel : IDisposable
{
    private readonly HttpClient _httpClient;
    private readonly bool _ownsHttpClient;
    private volatile bool _isDisposed;

    /// <param name="httpClient">Sends the requests.</param>
    /// <param name="ownsHttpClient">Whether the HttpClient belongs to the library: retries are added, and the HttpClient is disposed with this object.</param>
    /// <param name="options">The service and how requests are sent.</param>
    /// <param name="limiter">The caller's rate limiter; null for none.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">The log of retries and failures.</param>
    /// <param name="telemetry">The traces and metrics of pages.</param>
    public ServerChannel(
        HttpClient httpClient,
        bool ownsHttpClient,
        JobsClientOptions options,
        RateLimiter? limiter,
        TimeProvider timeProvider,
        ILogger logger,
        ClientTelemetry telemetry)
    {
        _httpClient = httpClient;
        _ownsHttpClient = ownsHttpClient;
        Options = options;
        TimeProvider = timeProvider;
        Logger = logger;
        Telemetry = telemetry;
        Exchange = new PageExchange(httpClient, options, new ServerClock(timeProvider));
        RequestPipeline = RequestResilience.CreateRequest(options, retries: ownsHttpClient, timeProvider, logger, telemetry);
        AttemptPipeline = RequestResilience.CreateAttempt(options, timeProvider);
        Budget = new RequestBudget(options.MaxRequestsPerSecond, limiter, timeProvider);
    }

    public JobsClientOptions Options { get; }

    public TimeProvider TimeProvider { get; }

    public ILogger Logger { get; }

    public ClientTelemetry Telemetry { get; }

    public PageExchange Exchange { get; }

    /// <summary>The timeout and the retries of a request.</summary>
    public ResiliencePipeline<JobPage> RequestPipeline { get; }

    /// <summary>The timeout of an attempt.</summary>
    public ResiliencePipeline<JobPage> AttemptPipeline { get; }

    public RequestBudget Budget { get; }

    /// <summary>Called when the server requests a pause; null for nothing.</summary>
    public Action<TimeSpan>? OnPaused { get; init; }

    public bool IsDisposed => _isDisposed;

    /// <summary>Whether the HttpClient belongs to the library and not to the caller.</summary>
    public bool OwnsHttpClient => _ownsHttpClient;

    /// <summary>Whether the connections are closed. A caller's HttpClient may outlive this object, and so may its requests in flight.</summary>
    public bool IsClosed => IsDisposed && _ownsHttpClient;

    /// <summary>Ends the requests that wait for the request budget, and the requests in flight if the HttpClient belongs to the library.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        Budget.Dispose();
        if (_ownsHttpClient)
        {
            _httpClient.Dispose();
        }
    }
}
