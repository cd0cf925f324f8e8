using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The instruments of one meter, and the activity source. Nothing is measured without a listener.</summary>
internal sealed class JobsInstruments
{
    // The buckets of OpenTelemetry for HTTP clients, extended to the duration of a page with retries. The default buckets are in milliseconds.
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
            InstrumentNames.PageDuration, "s", "Duration of a page, including its body and retries.", tags: null, Seconds);
        PageJobs = meter.CreateCounter<long>(InstrumentNames.PageJobs, "{job}", "Jobs on the pages read, including jobs that were read before.");
        PageRetries = meter.CreateCounter<long>(InstrumentNames.PageRetries, "{retry}", "Retries of pages after a failure.");
        PageInvalidFields = meter.CreateCounter<long>(
            InstrumentNames.PageInvalidFields, "{field}", "Fields of jobs that had an invalid value and were read as absent.");
        BudgetWaitDuration = meter.CreateHistogram(
            InstrumentNames.BudgetWaitDuration, "s", "Time that attempts waited for the request rate or for the end of a pause.", tags: null, Seconds);
        BudgetPauseDuration = meter.CreateHistogram(
            InstrumentNames.BudgetPauseDuration, "s", "Duration of the pauses that the server requested.", tags: null, Seconds);
        ListingShifts = meter.CreateCounter<long>(
            InstrumentNames.ListingShifts, "{shift}", "List shifts: pages that did not connect to the position of their walk.");
        PollDuration = meter.CreateHistogram(
            InstrumentNames.PollDuration, "s", "Duration of a poll, by its outcome; the count is the number of polls.", tags: null, Seconds);
        WatchChanges = meter.CreateCounter<long>(InstrumentNames.WatchChanges, "{change}", "Changes of jobs that polls found.");
        WatchGaps = meter.CreateCounter<long>(InstrumentNames.WatchGaps, "{gap}", "Gaps: possibly missed changes of a watch or of one of its subscribers.");
        HandlerRetries = meter.CreateCounter<long>(InstrumentNames.HandlerRetries, "{retry}", "Retries of handlers after a failure.");
        HandlerSkipped = meter.CreateCounter<long>(
            InstrumentNames.HandlerSkipped, "{event}", "Changes and gaps that were skipped, because a handler failed in all attempts.");
        meter.CreateObservableGauge(
            InstrumentNames.WatchUnfinished,
            () => Watches.Measure<int>(static watch => watch.UnfinishedCount),
            "{job}",
            "Unfinished jobs at the last completed poll of watches that poll.");
        meter.CreateObservableGauge(
            InstrumentNames.WatchSuccessAge,
            () => Watches.Measure<double>(static watch => watch.SuccessAge?.TotalSeconds),
            "s",
            "Time since the last successful poll, or since polling started if that is later, of watches that poll.");
    }

    /// <summary>The instruments of clients that are created without a container.</summary>
    public static JobsInstruments Shared { get; } = new(new Meter(JobsDiagnostics.MeterName, Version));

    public static ActivitySource Spans { get; } = new(JobsDiagnostics.ActivitySourceName, Version);

    public Histogram<double> PageDuration { get; }

    public Counter<long> PageJobs { get; }

    public Counter<long> PageRetries { get; }

    public Counter<long> PageInvalidFields { get; }

    public Histogram<double> BudgetWaitDuration { get; }

    public Histogram<double> BudgetPauseDuration { get; }

    public Counter<long> ListingShifts { get; }

    public Histogram<double> PollDuration { get; }

    public Counter<long> WatchChanges { get; }

    public Counter<long> WatchGaps { get; }

    public Counter<long> HandlerRetries { get; }

    public Counter<long> HandlerSkipped { get; }

    /// <summary>The watches that poll, for the observable instruments.</summary>
    public PollingWatches Watches { get; } = new();

    private static string? Version => typeof(JobsInstruments).Assembly.GetName().Version?.ToString(3);
}
