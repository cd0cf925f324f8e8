using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>The authorization that a credential adds to a request: a token, or a signature that differs in each attempt.</summary>
internal abstract class RequestAuthorization : ISecretHolder
{
    /// <summary>Adds the authorization to a request that has its address and its other headers.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prefix">The text before a token.</param>
    public abstract void Apply(HttpRequestMessage request, string prefix);

    /// <inheritdoc/>
    public virtual string? Redact(string? text) => text;

    private protected static void SetHeader(HttpRequestMessage request, string value)
    {
        if (!HeaderText.IsValue(value))
        {
            throw new InvalidOperationException("The value of the Authorization header contains invalid characters. Check the credential and the prefix.");
        }

        // Add rejects base64 tokens and the signature format of the API, which are not in the grammar of RFC 9110. The check above is stricter than Add
        // about line breaks, for which Add is preferred otherwise.
#pragma warning disable RS0030
        request.Headers.TryAddWithoutValidation("Authorization", value);
#pragma warning restore RS0030
    }
}
