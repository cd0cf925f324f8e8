using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The offset and the limit in a request's address, read without making strings: a server that costs little.</summary>
internal readonly record struct PageAsked(long Offset, int Limit)
{
    public static PageAsked In(ReadOnlySpan<char> address) => new(Number(address, "offset="), (int)Number(address, "limit="));

    private static long Number(ReadOnlySpan<char> address, string name)
    {
        ReadOnlySpan<char> value = address[(address.IndexOf(name, StringComparison.Ordinal) + name.Length)..];
        int end = value.IndexOf('&');
        return long.Parse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
