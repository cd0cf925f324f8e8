using System.Globalization;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Where pages are asked for: <c>GET /koodrive/ose/v1/jobs</c> below the endpoint.</summary>
internal sealed class PageAddress(Uri endpoint)
{
    private readonly string _path = endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/koodrive/ose/v1/jobs";

    public Uri Create(JobQuery query, long offset, int limit)
    {
        var type = query.Type is { } t ? string.Create(CultureInfo.InvariantCulture, $"type={(int)t}&") : null;
        var status = query.Status is { } s ? string.Create(CultureInfo.InvariantCulture, $"status={(int)s}&") : null;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{_path}?{type}{status}offset={offset}&limit={limit}"));
    }

    /// <summary>Whether an answer from there is an answer from the endpoint: the same scheme, host and port.</summary>
    public bool IsSameServer(Uri answered) =>
        Uri.Compare(endpoint, answered, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
