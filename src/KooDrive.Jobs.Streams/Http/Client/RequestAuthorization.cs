using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>What a credential puts on a request: a token, or a signature that is formed anew for each attempt.</summary>
internal abstract class RequestAuthorization : ISecretHolder
{
    /// <summary>Puts it on a request that has its address and its other headers.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prefix">What stands before a token.</param>
    public abstract void Apply(HttpRequestMessage request, string prefix);

    /// <inheritdoc/>
    public virtual string? Redact(string? text) => text;

    private protected static void SetHeader(HttpRequestMessage request, string value)
    {
        if (!HeaderText.IsValue(value))
        {
            throw new InvalidOperationException("The value of Authorization holds characters that no header can carry.");
        }

        // Add refuses base64 tokens and the API's own signature format, because they are not in the grammar of RFC 9110. What it is
        // preferred for, no line breaks, was just checked more strictly than it would.
#pragma warning disable RS0030
        request.Headers.TryAddWithoutValidation("Authorization", value);
#pragma warning restore RS0030
    }
}
