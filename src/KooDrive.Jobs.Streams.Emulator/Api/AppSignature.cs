using System.Security.Cryptography;
using System.Text;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>The signature of app authentication, as the documents describe it in six steps.</summary>
internal static class AppSignature
{
    public const string Algorithm = "HMAC-SHA256";

    // Of the body, and a GET has none.
    private const string DigestOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>The text that stands for the request.</summary>
    /// <param name="method">In capitals.</param>
    /// <param name="path">Decoded.</param>
    /// <param name="query">Decoded, in any order.</param>
    /// <param name="signedHeaders">Names in lower case with their values, sorted by name.</param>
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
            DigestOfNothing,
        ]);
    }

    /// <summary>The signature of a canonical request, in lower-case hexadecimal digits.</summary>
    public static string Sign(string appSecret, string canonicalRequest)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)));
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), Encoding.UTF8.GetBytes($"{Algorithm}\n{digest}"));
        return Convert.ToHexStringLower(signature);
    }

    /// <summary>Whether two signatures are equal, in a time that does not depend on where they differ.</summary>
    public static bool AreEqual(string expected, string presented) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(presented));
}
