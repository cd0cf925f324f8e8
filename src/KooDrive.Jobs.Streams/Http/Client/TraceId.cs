using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// <c>X-Traceid</c>: 58 characters. (The English document says 58 bits, the Chinese original 58 characters.) If there is an
/// activity, the value starts with its trace id and span id, so that the log of the server refers to the trace.
/// </summary>
internal static class TraceId
{
    public const int Length = 58;
    private const int TraceLength = 32;
    private const int SpanLength = 16;

    /// <summary>Creates a new id, which differs in each attempt.</summary>
    public static string Create() => string.Create(Length, Activity.Current, static (text, activity) =>
    {
        Span<char> random = text;
        if (activity is { IdFormat: ActivityIdFormat.W3C })
        {
            activity.TraceId.ToHexString().CopyTo(text);
            activity.SpanId.ToHexString().CopyTo(text[TraceLength..]);
            random = text[(TraceLength + SpanLength)..];
        }

        // The id must be unique, not secret; the cryptographic generator would make system calls.
#pragma warning disable CA5394
        Random.Shared.GetHexString(random, lowercase: true);
#pragma warning restore CA5394
    });
}
