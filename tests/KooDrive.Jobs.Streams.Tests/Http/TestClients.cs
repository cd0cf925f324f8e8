using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>Options and clients that tests start from.</summary>
internal static class TestClients
{
    public const string Token = "10f88-a544791e9ff";
    public const string UserId = "1505084218764547200";

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static JobsClientOptions Options(Action<JobsClientOptions>? change = null)
    {
        var options = new JobsClientOptions
        {
            Endpoint = new Uri("https://drive.example"),
            UserId = UserId,
            Credential = new AccessTokenCredential(Token),
        };
        change?.Invoke(options);
        return options;
    }

    /// <summary>A client around an HttpClient with the handler.</summary>
    public static JobsClient Around(
        HttpMessageHandler handler, Action<JobsClientOptions>? change = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null) =>
        new(new HttpClient(handler), Options(change), timeProvider, loggerFactory);

    /// <summary>The retries and timeouts of a client that makes its own HttpClient, around a handler in memory.</summary>
    public static PageSource Resilient(
        HttpMessageHandler handler, TimeProvider timeProvider, Action<JobsClientOptions>? change = null, ILogger? logger = null) =>
        new(
            new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan },
            isOwn: true,
            Options(change),
            timeProvider,
            logger ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            ClientTelemetry.None);

    public static Task<JobPage> GetAsync(this JobsClient client, long offset = 0, int limit = 100, JobQuery? query = null) =>
        client.GetPageAsync(query ?? JobQuery.All, offset, limit, Cancellation);

    public static Task<JobPage> GetAsync(this PageSource pages, long offset = 0, int limit = 100) =>
        pages.GetPageAsync(JobQuery.All, offset, limit, Cancellation);
}
