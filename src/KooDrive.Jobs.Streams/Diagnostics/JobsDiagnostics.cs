namespace KooDrive.Jobs.Streams;

/// <summary>The names of the traces and metrics of the library.</summary>
/// <example>
/// <code>
/// services.AddOpenTelemetry()
///     .WithTracing(tracing => tracing.AddSource(JobsDiagnostics.ActivitySourceName))
///     .WithMetrics(metrics => metrics.AddMeter(JobsDiagnostics.MeterName));
/// </code>
/// </example>
public static class JobsDiagnostics
{
    /// <summary>The name of the activity source of listings, pages and polls.</summary>
    public const string ActivitySourceName = "KooDrive.Jobs.Streams";

    /// <summary>The name of the meter. In a container, its <c>IMeterFactory</c> creates the meter.</summary>
    public const string MeterName = "KooDrive.Jobs.Streams";
}
