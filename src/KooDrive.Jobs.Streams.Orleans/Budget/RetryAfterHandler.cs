using System.Net;
using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams.Budget;

/// <summary>Sends requests over connections of its own, and passes the <c>Retry-After</c> of HTTP 429 and 503 to the budget of the cluster.</summary>
/// <param name="budget">The budget.</param>
/// <param name="connectionLifetime">The lifetime of a connection, so that a change of DNS takes effect.</param>
/// <param name="timeProvider">The clock of a <c>Retry-After</c> that is a date.</param>
internal sealed class RetryAfterHandler(EndpointBudget budget, TimeSpan connectionLifetime, TimeProvider timeProvider) : DelegatingHandler(
    new SocketsHttpHandler
    {
        PooledConnectionLifetime = connectionLifetime,

        // A redirect would send X-User-Id to another address.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
    })
{
    /// <summary>Returns the pause that a response requests; null if it requests none.</summary>
    internal static TimeSpan? GetPause(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            || response.Headers.RetryAfter is not { } retryAfter)
        {
            return null;
        }

        // The server's own clock, where it sends it, is the one that the date refers to.
        TimeSpan? pause = retryAfter switch
        {
            RetryConditionHeaderValue { Delta: { } delta } => delta,
            RetryConditionHeaderValue { Date: { } date } => date - (response.Headers.Date ?? now),
            _ => null,
        };
        return pause > TimeSpan.Zero ? pause : null;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (GetPause(response, timeProvider.GetUtcNow()) is { } pause)
        {
            budget.PauseCluster(pause);
        }

        return response;
    }
}
