using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Signs requests: lower-case hex of HMAC-SHA256 over the hash of the canonical request. A signature is valid for 15 minutes.</summary>
[DebuggerDisplay(nameof(AppSignature))]
internal sealed partial class AppSignature(string appId, string appSecret) : RequestAuthorization
{
    private const string Algorithm = "HMAC-SHA256";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _key = Encoding.UTF8.GetBytes(appSecret);

    public override void Apply(HttpRequestMessage request, string prefix)
    {
        // Set here, so that the signed host is the host that HttpClient sends.
        Uri uri = request.RequestUri!;
        request.Headers.Host = HostOf(uri);
        (string, string)[] signed =
        [
            ("host", request.Headers.Host),
            ("x-date", request.Headers.GetValues(RequestHeaders.Date).Single()),
            ("x-user-id", request.Headers.GetValues(RequestHeaders.UserId).Single()),
        ];
        string signature = Sign(CanonicalRequest.Create(request.Method, uri, signed));
        SetHeader(request, $"{Algorithm} AppId={appId},SignedHeaders={CanonicalRequest.SignedHeaders(signed)},Signature={signature}");
    }

    /// <summary>Replaces every text that may be a signature: a signature of this app is valid for 15 minutes.</summary>
    public override string? Redact(string? text) => text is null ? null : Signatures().Replace(text, "[signature]");

    public string Sign(string canonicalRequest)
    {
        string toSign = $"{Algorithm}\n{CanonicalRequest.Hash(canonicalRequest)}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(toSign)));
    }

    [GeneratedRegex("[0-9a-f]{64}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Signatures();

    private static string HostOf(Uri uri)
    {
        string host = uri.HostNameType is UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? host : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{host}:{uri.Port}");
    }
}
