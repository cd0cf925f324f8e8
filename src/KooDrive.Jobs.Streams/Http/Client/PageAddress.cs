using System.Globalization;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>The address of pages: <c>GET /koodrive/ose/v1/jobs</c> below the endpoint (API document, "Listing Batch Tasks").</summary>
internal sealed class PageAddress(Uri endpoint)
{
    private readonly string _path = endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/koodrive/ose/v1/jobs";

    public Uri Create(JobQuery query, long offset, int limit)
    {
        var type = query.Type is { } t ? string.Create(CultureInfo.InvariantCulture, $"type={(int)t}&") : null;
        var status = query.Status is { } s ? string.Create(CultureInfo.InvariantCulture, $"status={(int)s}&") : null;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{_path}?{type}{status}offset={offset}&limit={limit}"));
    }

    /// <summary>Whether an address has the scheme, the host and the port of the endpoint.</summary>
    public bool IsSameServer(Uri other) =>
        Uri.Compare(endpoint, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
