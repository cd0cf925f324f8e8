using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>A token that can be sent. One instance is one issue of it: the same text given again is another.</summary>
[DebuggerDisplay(nameof(AccessToken))]
internal sealed class AccessToken : RequestAuthorization
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _token;

    /// <exception cref="ArgumentException">The token is empty or cannot stand in a header.</exception>
    public AccessToken(string? token, string? parameterName = null)
    {
        if (string.IsNullOrWhiteSpace(token) || !HeaderText.IsValue(token))
        {
            throw new ArgumentException($"The access token {HeaderText.Rule}. A token read from a file must be trimmed.", parameterName);
        }

        _token = token;
    }

    public override void Apply(HttpRequestMessage request, string prefix) => SetHeader(request, prefix + _token);

    public override string? Redact(string? text) => text?.Replace(_token, "[token]", StringComparison.Ordinal);
}
