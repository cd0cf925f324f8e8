using Microsoft.AspNetCore.Http;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>Checks the <c>Authorization</c> header: the prefix and a token, or the signature of an app.</summary>
internal sealed class Authenticator(EmulatorCredentials credentials, string prefix)
{
    private const string Malformed =
        $"The header Authorization must be {AppSignature.Algorithm} AppId=ID,SignedHeaders=host;x-date;x-user-id,Signature=HEX.";

    private static readonly string[] MandatorySignedHeaders = ["x-date", "x-user-id"];

    public Rejection? Check(HttpRequest request, QueryParameters query)
    {
        string? authorization = JobsContract.Single(request, "Authorization");
        if (string.IsNullOrEmpty(authorization))
        {
            return Rejection.Unauthorized("The header Authorization is required exactly once.");
        }

        const string Scheme = AppSignature.Algorithm + " ";
        if (authorization.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return CheckSignature(authorization[Scheme.Length..], request, query);
        }

        return !authorization.StartsWith(prefix, StringComparison.Ordinal)
            ? Rejection.Unauthorized($"The header Authorization must start with {prefix} or {Scheme}.")
            : credentials.UseToken(authorization[prefix.Length..], JobsContract.Single(request, JobsContract.UserIdHeader))
                ? null
                : Rejection.Unauthorized("The access token is unknown, has expired, or is not that of the user in X-User-Id.");
    }

    private Rejection? CheckSignature(string parameters, HttpRequest request, QueryParameters query)
    {
        if (parameters.Split(',') is not [var appIdPart, var headersPart, var signaturePart]
            || Value(appIdPart, "AppId=") is not { } appId
            || Value(headersPart, "SignedHeaders=") is not { } headerNames
            || Value(signaturePart, "Signature=") is not { } signature)
        {
            return Rejection.Unauthorized(Malformed);
        }

        if (credentials.SecretOf(appId) is not { } secret)
        {
            return Rejection.Unauthorized("The app is unknown.");
        }

        string[] names = headerNames.Split(';');
        if (!IsStrictlyAscending(names) || MandatorySignedHeaders.Except(names).Any())
        {
            return Rejection.Unauthorized("SignedHeaders must contain x-date and x-user-id in lower case. The names must be sorted and unique.");
        }

        var signedHeaders = new List<KeyValuePair<string, string>>();
        foreach (string name in names)
        {
            if (JobsContract.Single(request, name) is not { } value)
            {
                return Rejection.Unauthorized("SignedHeaders names a header that the request does not contain exactly once.");
            }

            signedHeaders.Add(new(name, value));
        }

        string canonical = AppSignature.CanonicalRequest(request.Method, request.Path.Value ?? "", query.Pairs, signedHeaders);
        return AppSignature.AreEqual(AppSignature.Sign(secret, canonical), signature)
            ? null
            : Rejection.Unauthorized("The signature does not match the request.");
    }

    private static string? Value(string part, string name) =>
        part.StartsWith(name, StringComparison.Ordinal) && part.Length > name.Length ? part[name.Length..] : null;

    private static bool IsStrictlyAscending(string[] names) =>
        names.All(name => name.Length > 0 && !name.Any(char.IsAsciiLetterUpper))
        && names.Zip(names.Skip(1)).All(pair => string.CompareOrdinal(pair.First, pair.Second) < 0);
}
