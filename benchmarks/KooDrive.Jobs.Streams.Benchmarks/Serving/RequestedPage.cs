using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The offset and the limit of a request, parsed without allocating strings, so that the server costs little.</summary>
internal readonly record struct RequestedPage(long Offset, int Limit, int? Status = null)
{
    public static RequestedPage In(ReadOnlySpan<char> address) =>
        new(Number(address, "offset=")!.Value, (int)Number(address, "limit=")!.Value, (int?)Number(address, "status="));

    private static long? Number(ReadOnlySpan<char> address, string name)
    {
        int start = address.IndexOf(name, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        ReadOnlySpan<char> value = address[(start + name.Length)..];
        int end = value.IndexOf('&');
        return long.Parse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
