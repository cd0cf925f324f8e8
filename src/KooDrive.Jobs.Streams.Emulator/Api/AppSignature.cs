using System.Security.Cryptography;
using System.Text;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>The signature of app authentication, as documented.</summary>
internal static class AppSignature
{
    public const string Algorithm = "HMAC-SHA256";

    // A GET request has no body.
    private const string EmptyBodyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>Returns the canonical form of a request.</summary>
    /// <param name="method">The method in upper case.</param>
    /// <param name="path">The decoded path.</param>
    /// <param name="query">The decoded parameters in any order.</param>
    /// <param name="signedHeaders">The headers with their names in lower case, sorted by name.</param>
    public static string CanonicalRequest(
        string method,
        string path,
        IEnumerable<KeyValuePair<string, string>> query,
        IReadOnlyList<KeyValuePair<string, string>> signedHeaders)
    {
        string canonicalPath = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        if (!canonicalPath.EndsWith('/'))
        {
            canonicalPath += '/';
        }

        IEnumerable<string> parameters = query
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}");

        return string.Join('\n',
        [
            method,
            canonicalPath,
            string.Join('&', parameters),
            string.Concat(signedHeaders.Select(header => $"{header.Key}:{header.Value.Trim()}\n")),
            string.Join(';', signedHeaders.Select(header => header.Key)),
            EmptyBodyDigest,
        ]);
    }

    /// <summary>Returns the signature of a canonical request in lower-case hexadecimal digits.</summary>
    public static string Sign(string appSecret, string canonicalRequest)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)));
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), Encoding.UTF8.GetBytes($"{Algorithm}\n{digest}"));
        return Convert.ToHexStringLower(signature);
    }

    /// <summary>Returns whether two signatures are equal, in constant time.</summary>
    public static bool AreEqual(string expected, string presented) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(presented));
}
