using System.Diagnostics;
using KooDrive.Jobs.Streams.Diagnostics;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Measures one poll: a span, the parent of the spans of its pages, and the duration. A canceled poll is not recorded.</summary>
internal sealed class PollMeasurement : IDisposable
{
    private readonly WatchTelemetry _watch;
    private readonly TimeSpan _startedAt;
    private readonly Activity? _span;

    public PollMeasurement(WatchTelemetry watch, long poll)
    {
        _watch = watch;
        _startedAt = watch.Now;

        // A poll belongs to no operation of a caller, but can run inside one that requested a lookup.
        Activity.Current = null;
        _span = watch.Client.StartSpan(SpanNames.Poll);
        _span?.SetTag(TagNames.PollNumber, poll).SetTag(TagNames.QueryType, watch.Type?.ToString());
    }

    /// <summary>Records the completed poll, without the delivery of its events.</summary>
    public void Complete(PollOutcome outcome)
    {
        _watch.RecordSuccess(outcome);
        _span?.SetTag(TagNames.PollRequests, outcome.RequestCount)
            .SetTag(TagNames.PollJobs, outcome.JobCount)
            .SetTag(TagNames.PollFullScan, outcome.WasFullScan);
        Record(new TagList(_watch.Tags) { { TagNames.PollOutcome, "completed" } });
    }

    public void Fail(Exception exception, bool isFatal)
    {
        ClientTelemetry.Fail(_span, exception);
        Record(new TagList(_watch.Tags)
        {
            { TagNames.PollOutcome, isFatal ? "fatal" : "failed" },
            { TagNames.ErrorType, exception.GetType().FullName },
        });
    }

    public void Dispose() => _span?.Dispose();

    private void Record(TagList tags)
    {
        _span?.SetTag(TagNames.PollOutcome, tags.First(tag => tag.Key == TagNames.PollOutcome).Value);
        _watch.Client.Instruments.PollDuration.Record((_watch.Now - _startedAt).TotalSeconds, tags);
        _span?.Dispose();
    }
}
