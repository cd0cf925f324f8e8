using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// <c>X-Traceid</c>: 58 characters. (The English document says 58 bits, the Chinese original 58 characters.) Where there is an
/// activity it begins with its trace id and span id, so that the server's log leads back to the trace.
/// </summary>
internal static class TraceId
{
    public const int Length = 58;
    private const int TraceLength = 32;
    private const int SpanLength = 16;

    /// <summary>A new one, different for each attempt.</summary>
    public static string Create() => string.Create(Length, Activity.Current, static (text, activity) =>
    {
        var random = text;
        if (activity is { IdFormat: ActivityIdFormat.W3C })
        {
            activity.TraceId.ToHexString().CopyTo(text);
            activity.SpanId.ToHexString().CopyTo(text[TraceLength..]);
            random = text[(TraceLength + SpanLength)..];
        }

        // It must be different, not secret; the cryptographic generator makes system calls for it.
#pragma warning disable CA5394
        Random.Shared.GetHexString(random, lowercase: true);
#pragma warning restore CA5394
    });
}
