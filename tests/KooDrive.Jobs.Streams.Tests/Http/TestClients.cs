using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Http.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>Options and clients that tests start from.</summary>
internal static class TestClients
{
    public const string Token = "10f88-a544791e9ff";
    public const string UserId = "1505084218764547200";

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static JobsCredential Credential => new AccessTokenCredential(Token);

    public static JobsCredential EmulatorCredential => new AccessTokenCredential(new JobsEmulatorOptions().AccessToken);

    public static JobsClientOptions Options(Action<JobsClientOptions>? change = null)
    {
        var options = new JobsClientOptions
        {
            Endpoint = new Uri("https://drive.example"),
            UserId = UserId,
        };
        change?.Invoke(options);
        return options;
    }

    public static JobsClient Create(
        Action<JobsClientOptions>? change = null,
        JobsCredential? credential = null,
        HttpClient? httpClient = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null) =>
        new(Options(change), credential ?? Credential, Services(httpClient, timeProvider, loggerFactory));

    /// <summary>A client of an emulator.</summary>
    public static JobsClient ToEmulator(Uri endpoint, Action<JobsClientOptions>? change = null, JobsCredential? credential = null) => Create(
        options =>
        {
            options.Endpoint = endpoint;
            change?.Invoke(options);
        },
        credential ?? EmulatorCredential);

    /// <summary>A client around an HttpClient with the handler.</summary>
    public static JobsClient Around(
        HttpMessageHandler handler,
        Action<JobsClientOptions>? change = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        JobsCredential? credential = null) =>
        Create(change, credential, new HttpClient(handler), timeProvider, loggerFactory);

    /// <summary>A client that owns an HttpClient with the handler, as if the client had created it.</summary>
    public static JobsClient Owning(
        HttpMessageHandler handler,
        Action<JobsClientOptions>? change = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        JobsCredential? credential = null) =>
        new(
            Options(change),
            credential ?? Credential,
            Services(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, timeProvider, loggerFactory),
            ownsHttpClient: true,
            JobsInstruments.Shared,
            name: null);

    /// <summary>The retries and timeouts of a client that creates its HttpClient, around a handler in memory.</summary>
    public static PageSource Resilient(
        HttpMessageHandler handler,
        TimeProvider timeProvider,
        Action<JobsClientOptions>? change = null,
        ILogger? logger = null,
        JobsCredential? credential = null) =>
        new(
            new ServerChannel(
                new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan },
                ownsHttpClient: true,
                Options(change),
                limiter: null,
                timeProvider,
                logger ?? NullLogger.Instance,
                ClientTelemetry.None),
            UserId,
            credential ?? Credential);

    public static Task<JobPage> GetAsync(this JobsClient client, long offset = 0, int limit = 100, JobQuery? query = null) =>
        client.GetPageAsync(query ?? JobQuery.All, offset, limit, Cancellation);

    public static Task<JobPage> GetAsync(this PageSource pages, long offset = 0, int limit = 100) =>
        pages.GetPageAsync(JobQuery.All, offset, limit, Cancellation);

    private static JobsClientServices Services(HttpClient? httpClient, TimeProvider? timeProvider, ILoggerFactory? loggerFactory) => new()
    {
        HttpClient = httpClient,
        TimeProvider = timeProvider ?? TimeProvider.System,
        LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance,
    };
}
