using Microsoft.AspNetCore.Http;

namespace KooDrive.Jobs.Streams.Cli.Dashboard;

/// <summary>A file of the page, embedded in the assembly.</summary>
internal sealed class DashboardFile
{
    private readonly string _contentType;
    private readonly byte[] _content;

    private DashboardFile(string path, string name, string contentType)
    {
        Path = path;
        _contentType = contentType;
        using Stream resource = typeof(DashboardFile).Assembly.GetManifestResourceStream($"Dashboard/{name}")!;
        _content = new byte[resource.Length];
        resource.ReadExactly(_content);
    }

    public static IEnumerable<DashboardFile> All =>
    [
        new("/", "index.html", "text/html; charset=utf-8"),
        new("/dashboard.css", "dashboard.css", "text/css; charset=utf-8"),
        .. Scripts.Select(name => new DashboardFile($"/{name}", name, "text/javascript; charset=utf-8")),
        new("/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    /// <summary>The path of the URL of the file.</summary>
    public string Path { get; }

    private static IEnumerable<string> Scripts =>
    [
        "account.js", "chart.js", "dashboard.js", "elements.js", "failures.js", "feed.js", "filters.js", "json.js", "minutes.js", "names.js", "overview.js",
        "table.js", "times.js",
    ];

    public Task SendAsync(HttpContext context)
    {
        context.Response.ContentType = _contentType;
        context.Response.ContentLength = _content.Length;
        return context.Response.Body.WriteAsync(_content, context.RequestAborted).AsTask();
    }
}
