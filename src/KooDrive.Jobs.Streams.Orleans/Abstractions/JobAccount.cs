using System.Collections.Concurrent;

namespace KooDrive.Jobs.Streams;

/// <summary>A user of a KooDrive service, whose jobs a watch observes. Immutable and thread-safe.</summary>
/// <remarks>An account contains no credential: <see cref="IJobsCredentialProvider"/> supplies it on the silo.</remarks>
public sealed record JobAccount
{
    // AbsoluteUri escapes this character, so the first one in a key ends the endpoint.
    private const char Separator = '|';

    private readonly string _key;

    /// <summary>Creates an account.</summary>
    /// <param name="endpoint">The base address of the service: absolute, http or https, without user name, query and fragment.</param>
    /// <param name="userId">The user's id on KooDrive: visible ASCII characters.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An argument is invalid.</exception>
    public JobAccount(Uri endpoint, string userId)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentException.ThrowIfNullOrEmpty(userId);
        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
        {
            throw new ArgumentException("The endpoint is not an absolute http or https address. Set the base address of the service.", nameof(endpoint));
        }

        if (endpoint.UserInfo.Length > 0 || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
        {
            throw new ArgumentException("The endpoint contains a user name, a query or a fragment. Remove it.", nameof(endpoint));
        }

        if (userId.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException("The user id contains characters that are not visible ASCII. Remove them.", nameof(userId));
        }

        // A slash at the end does not make another service.
        string address = endpoint.AbsoluteUri.TrimEnd('/');
        Endpoint = new Uri(address);
        UserId = userId;
        _key = $"{address}{Separator}{userId}";
    }

    /// <summary>The base address of the service.</summary>
    public Uri Endpoint { get; private init; }

    /// <summary>The user's id on KooDrive.</summary>
    public string UserId { get; }

    /// <summary>Reads the text that <see cref="ToString"/> returns, which is the key of the account's grain.</summary>
    /// <param name="text">The text: the endpoint, '|' and the user id.</param>
    /// <returns>The account.</returns>
    /// <exception cref="FormatException">The text is not that of an account.</exception>
    public static JobAccount Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int end = text.IndexOf(Separator, StringComparison.Ordinal);
        if (end < 0 || !Uri.TryCreate(text[..end], UriKind.Absolute, out Uri? endpoint))
        {
            throw NotAnAccount(innerException: null);
        }

        try
        {
            return new JobAccount(endpoint, text[(end + 1)..]);
        }
        catch (ArgumentException exception)
        {
            throw NotAnAccount(exception);
        }
    }

    /// <summary>Returns an equal account, which shares its endpoint with the other accounts of a silo.</summary>
    internal JobAccount Share(ConcurrentDictionary<Uri, Uri> endpoints) => this with { Endpoint = endpoints.GetOrAdd(Endpoint, Endpoint) };

    /// <inheritdoc/>
    public bool Equals(JobAccount? other) => other is not null && _key == other._key;

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);

    /// <summary>Returns the endpoint, '|' and the user id.</summary>
    public override string ToString() => _key;

    private static FormatException NotAnAccount(Exception? innerException) =>
        new("The text is not an account: it must be the endpoint, '|' and the user id.", innerException);
}
