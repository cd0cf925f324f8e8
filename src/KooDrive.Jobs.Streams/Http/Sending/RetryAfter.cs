using System.Net.Http.Headers;

namespace KooDrive.Jobs.Streams;

/// <summary><c>Retry-After</c>, as seconds or as a date.</summary>
internal static class RetryAfter
{
    /// <summary>How long the server asks to wait; null when it does not ask. A date that has passed asks for no wait.</summary>
    public static TimeSpan? From(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}
