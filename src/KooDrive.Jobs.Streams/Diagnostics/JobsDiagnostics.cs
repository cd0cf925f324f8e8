namespace KooDrive.Jobs.Streams;

/// <summary>The names under which the library's traces and metrics are found.</summary>
/// <example>
/// <code>
/// services.AddOpenTelemetry()
///     .WithTracing(tracing => tracing.AddSource(JobsDiagnostics.ActivitySourceName))
///     .WithMetrics(metrics => metrics.AddMeter(JobsDiagnostics.MeterName));
/// </code>
/// </example>
public static class JobsDiagnostics
{
    /// <summary>The source of the library's spans: walks over the list, their pages, and polls.</summary>
    public const string ActivitySourceName = "KooDrive.Jobs.Streams";

    /// <summary>The meter of the library's instruments. In a container it is made by its <c>IMeterFactory</c>.</summary>
    public const string MeterName = "KooDrive.Jobs.Streams";
}
