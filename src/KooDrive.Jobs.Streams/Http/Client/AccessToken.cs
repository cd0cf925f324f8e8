using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>A valid token. Each token that a provider returns is a new instance, even with the same text.</summary>
[DebuggerDisplay(nameof(AccessToken))]
internal sealed class AccessToken : RequestAuthorization
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _token;

    // Null if it is equal to the token.
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string? _percentEncoded;

    // A token of 2 KB would otherwise be copied for each request. All requests of a client have the same prefix.
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private Header? _header;

    /// <exception cref="ArgumentException">The token is empty or contains characters that are not visible ASCII.</exception>
    public AccessToken(string? token, string? parameterName = null)
    {
        if (!IsValid(token))
        {
            throw new ArgumentException($"The access token {HeaderText.Rule}. Trim a token that is read from a file.", parameterName);
        }

        _token = token;
        _percentEncoded = Uri.EscapeDataString(token) is var encoded && encoded != token ? encoded : null;
    }

    /// <summary>Whether the token can be sent.</summary>
    public static bool IsValid([NotNullWhen(true)] string? token) => !string.IsNullOrWhiteSpace(token) && HeaderText.IsValue(token);

    public override void Apply(HttpRequestMessage request, string prefix)
    {
        Header? header = _header;
        if (header?.Prefix != prefix)
        {
            _header = header = new Header(prefix, prefix + _token);
        }

        SetHeader(request, header.Value);
    }

    // Called for the request id of every page.
    public override string? Redact(string? text)
    {
        string? redacted = text?.Replace(_token, "[token]", StringComparison.Ordinal);
        return _percentEncoded is null ? redacted : redacted?.Replace(_percentEncoded, "[token]", StringComparison.OrdinalIgnoreCase);
    }

    // Not a record, whose ToString would show the token.
    private sealed class Header(string prefix, string value)
    {
        public string Prefix => prefix;

        public string Value => value;
    }
}
