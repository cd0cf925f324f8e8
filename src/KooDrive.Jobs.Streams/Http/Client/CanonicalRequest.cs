using System.Security.Cryptography;
using System.Text;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The text whose hash is signed (API document, "App authentication"): method, path, query, signed headers, names of the signed headers, and the
/// hash of the body, joined by line feeds.
/// </summary>
internal static class CanonicalRequest
{
    // The SHA-256 hash of an empty body.
    private const string EmptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <param name="method">In capitals.</param>
    /// <param name="uri">The address, with path and query encoded as they are sent.</param>
    /// <param name="headers">Names in lower case with their values, in ordinal order of the names.</param>
    public static string Create(HttpMethod method, Uri uri, ReadOnlySpan<(string Name, string Value)> headers)
    {
        var text = new StringBuilder();
        text.Append(method.Method).Append('\n').Append(Path(uri)).Append('\n').Append(Query(uri)).Append('\n');
        foreach ((string name, string value) in headers)
        {
            text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        }

        return text.Append('\n').Append(SignedHeaders(headers)).Append('\n').Append(EmptyBodyHash).ToString();
    }

    public static string SignedHeaders(ReadOnlySpan<(string Name, string Value)> headers)
    {
        var names = new StringBuilder();
        foreach ((string name, _) in headers)
        {
            names.Append(names.Length == 0 ? "" : ";").Append(name);
        }

        return names.ToString();
    }

    public static string Hash(string canonicalRequest) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)));

    private static string Path(Uri uri)
    {
        string path = string.Join('/', uri.AbsolutePath.Split('/').Select(Encode));
        return path.EndsWith('/') ? path : path + "/";
    }

    private static string Query(Uri uri) => string.Join('&', uri.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(parameter => parameter.Split('=', 2))
        .Select(parts => (Name: Encode(parts[0]), Value: parts.Length > 1 ? Encode(parts[1]) : ""))
        .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
        .Select(parameter => $"{parameter.Name}={parameter.Value}"));

    // Also encodes characters that Uri does not encode although they are not unreserved in RFC 3986.
    private static string Encode(string sent) => Uri.EscapeDataString(Uri.UnescapeDataString(sent));
}
