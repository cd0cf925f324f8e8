using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The instruments of one meter, and the source of spans. Nothing is measured while nobody listens.</summary>
internal sealed class JobsInstruments
{
    // OpenTelemetry's for HTTP clients, and on to what a page with its retries may take. The usual ones are made for milliseconds.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120, 300],
    };

    public JobsInstruments(IMeterFactory meters)
        : this(meters.Create(new MeterOptions(JobsDiagnostics.MeterName) { Version = Version }))
    {
    }

    private JobsInstruments(Meter meter)
    {
        PageDuration = meter.CreateHistogram(
            InstrumentNames.PageDuration, "s", "How long a page takes, with its body and all its retries.", tags: null, Seconds);
        PageJobs = meter.CreateCounter<long>(InstrumentNames.PageJobs, "{job}", "The jobs on the pages read, those that were known already included.");
        PageRetries = meter.CreateCounter<long>(InstrumentNames.PageRetries, "{retry}", "How often a page was asked for again after a failure.");
        PageInvalidFields = meter.CreateCounter<long>(
            InstrumentNames.PageInvalidFields, "{field}", "The fields of jobs that had an invalid value and were read as absent.");
        ListingShifts = meter.CreateCounter<long>(
            InstrumentNames.ListingShifts, "{shift}", "The pages that did not connect to the position of their walk, because the list had shifted.");
        PollDuration = meter.CreateHistogram(
            InstrumentNames.PollDuration, "s", "How long a poll takes, by its outcome; the count is the number of polls.", tags: null, Seconds);
        WatchChanges = meter.CreateCounter<long>(InstrumentNames.WatchChanges, "{change}", "The changes of jobs that polls found.");
        WatchGaps = meter.CreateCounter<long>(InstrumentNames.WatchGaps, "{gap}", "How often a watch, or one subscriber of it, may have missed changes.");
        HandlerRetries = meter.CreateCounter<long>(InstrumentNames.HandlerRetries, "{retry}", "How often a handler was called again after it failed.");
        HandlerSkipped = meter.CreateCounter<long>(
            InstrumentNames.HandlerSkipped, "{event}", "The changes and gaps that a handler did not process successfully, and that were skipped.");
        meter.CreateObservableGauge(
            InstrumentNames.WatchUnfinished,
            () => Watches.Measure<int>(static watch => watch.UnfinishedCount),
            "{job}",
            "The jobs that had not finished at the last completed poll, of watches that poll.");
        meter.CreateObservableGauge(
            InstrumentNames.WatchSuccessAge,
            () => Watches.Measure<double>(static watch => watch.SuccessAge?.TotalSeconds),
            "s",
            "How long ago a poll last succeeded, or the polls began if that is later, of watches that poll.");
    }

    /// <summary>Those of clients that are made without a container.</summary>
    public static JobsInstruments Shared { get; } = new(new Meter(JobsDiagnostics.MeterName, Version));

    public static ActivitySource Spans { get; } = new(JobsDiagnostics.ActivitySourceName, Version);

    public Histogram<double> PageDuration { get; }

    public Counter<long> PageJobs { get; }

    public Counter<long> PageRetries { get; }

    public Counter<long> PageInvalidFields { get; }

    public Counter<long> ListingShifts { get; }

    public Histogram<double> PollDuration { get; }

    public Counter<long> WatchChanges { get; }

    public Counter<long> WatchGaps { get; }

    public Counter<long> HandlerRetries { get; }

    public Counter<long> HandlerSkipped { get; }

    /// <summary>Those that poll, for the instruments that are asked.</summary>
    public PollingWatches Watches { get; } = new();

    private static string? Version => typeof(JobsInstruments).Assembly.GetName().Version?.ToString(3);
}
