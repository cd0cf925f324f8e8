using System.Net;
using System.Net.Http.Headers;
using KooDrive.Jobs.Streams.Budget;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

public sealed class RetryAfterHandlerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(429, 3, 3)]
    [InlineData(503, 3, 3)]
    [InlineData(500, 3, null)]
    [InlineData(200, 3, null)]
    [InlineData(429, 0, null)]
    [InlineData(429, null, null)]
    public void GetPause_returns_the_seconds_of_a_429_or_503(int status, int? seconds, int? pause)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.RetryAfter = seconds is { } delta ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(delta)) : null;

        Assert.Equal(pause, RetryAfterHandler.GetPause(response, Now)?.TotalSeconds);
    }

    [Fact]
    public void GetPause_measures_a_date_by_the_clock_of_the_server()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter = new RetryConditionHeaderValue(Now.AddSeconds(10));

        Assert.Equal(10, RetryAfterHandler.GetPause(response, Now)?.TotalSeconds);
        response.Headers.Date = Now.AddSeconds(6);
        Assert.Equal(4, RetryAfterHandler.GetPause(response, Now)?.TotalSeconds);
        response.Headers.Date = Now.AddSeconds(60);
        Assert.Null(RetryAfterHandler.GetPause(response, Now));
    }
}
