using System.Globalization;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>The address of pages: <c>GET /koodrive/ose/v1/jobs</c> below the endpoint (API document, "Listing Batch Tasks").</summary>
internal sealed class PageAddress(Uri endpoint)
{
    private readonly string _path = endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/koodrive/ose/v1/jobs";

    // Polls of an idle list request the same page each time.
    private volatile TopPage? _lastTop;

    public Uri Create(JobQuery query, long offset, int limit)
    {
        if (offset > 0)
        {
            return Format(query, offset, limit);
        }

        if (_lastTop is not { } top || top.Query != query || top.Limit != limit)
        {
            _lastTop = top = new TopPage(query, limit, Format(query, offset, limit));
        }

        return top.Uri;
    }

    /// <summary>Whether an address has the scheme, the host and the port of the endpoint.</summary>
    public bool IsSameServer(Uri other) =>
        Uri.Compare(endpoint, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private Uri Format(JobQuery query, long offset, int limit)
    {
        string? type = query.Type is { } t ? string.Create(CultureInfo.InvariantCulture, $"type={(int)t}&") : null;
        string? status = query.Status is { } s ? string.Create(CultureInfo.InvariantCulture, $"status={(int)s}&") : null;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{_path}?{type}{status}offset={offset}&limit={limit}"));
    }

    private sealed record TopPage(JobQuery Query, int Limit, Uri Uri);
}
