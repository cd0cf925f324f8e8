using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams;

/// <summary><c>Retry-After</c>, as seconds or as a date.</summary>
internal static class RetryAfter
{
    /// <summary>
    /// How long the server asks to wait; null when it does not ask. A date that has passed asks for no wait; it is told by the server's
    /// clock, where the answer shows that, since ours may be ahead and the wait too short.
    /// </summary>
    public static TimeSpan? From(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => Later(date - (headers.Date ?? now)),
        _ => null,
    };

    private static TimeSpan Later(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
