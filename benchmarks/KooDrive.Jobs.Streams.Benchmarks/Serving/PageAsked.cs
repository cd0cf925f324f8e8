using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>What a request's address asks for, read without making strings: a server that costs little.</summary>
internal readonly record struct PageAsked(long Offset, int Limit, int? Status = null)
{
    public static PageAsked In(ReadOnlySpan<char> address) =>
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
