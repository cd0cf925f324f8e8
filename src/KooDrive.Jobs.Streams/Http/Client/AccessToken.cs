using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>A valid token. Each token that a provider returns is a new instance, even with the same text.</summary>
[DebuggerDisplay(nameof(AccessToken))]
internal sealed class AccessToken : RequestAuthorization
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _token;

    /// <exception cref="ArgumentException">The token is empty or contains characters that are not visible ASCII.</exception>
    public AccessToken(string? token, string? parameterName = null)
    {
        if (!IsValid(token))
        {
            throw new ArgumentException($"The access token {HeaderText.Rule}. Trim a token that is read from a file.", parameterName);
        }

        _token = token;
    }

    /// <summary>Whether the token can be sent.</summary>
    public static bool IsValid([NotNullWhen(true)] string? token) => !string.IsNullOrWhiteSpace(token) && HeaderText.IsValue(token);

    public override void Apply(HttpRequestMessage request, string prefix) => SetHeader(request, prefix + _token);

    public override string? Redact(string? text) => text?.Replace(_token, "[token]", StringComparison.Ordinal);
}
