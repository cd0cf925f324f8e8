using System.Diagnostics;
using KooDrive.Jobs.Streams.Diagnostics;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>One poll: a span, with those of its pages below it, and how long it took. A poll that is canceled leaves no figure.</summary>
internal sealed class PollMeasurement : IDisposable
{
    private readonly WatchTelemetry _watch;
    private readonly TimeSpan _began;
    private readonly Activity? _span;

    public PollMeasurement(WatchTelemetry watch, long poll)
    {
        _watch = watch;
        _began = watch.Now;

        // A poll belongs to nobody's operation, and may find that of whoever made the watch poll soon.
        Activity.Current = null;
        _span = watch.Client.StartSpan(SpanNames.Poll);
        _span?.SetTag(TagNames.PollNumber, poll).SetTag(TagNames.QueryType, watch.Type?.ToString());
    }

    /// <summary>The poll is over; what follows is not part of it.</summary>
    public void Complete(PollOutcome outcome)
    {
        _watch.Succeed(outcome);
        _span?.SetTag(TagNames.PollRequests, outcome.Requests)
            .SetTag(TagNames.PollJobs, outcome.Jobs)
            .SetTag(TagNames.PollFullScan, outcome.WasFullPass);
        Record(new TagList(_watch.Tags) { { TagNames.PollOutcome, "completed" } });
    }

    public void Fail(Exception error, bool isFatal)
    {
        ClientTelemetry.Fail(_span, error);
        Record(new TagList(_watch.Tags)
        {
            { TagNames.PollOutcome, isFatal ? "fatal" : "failed" },
            { TagNames.ErrorType, error.GetType().FullName },
        });
    }

    public void Dispose() => _span?.Dispose();

    private void Record(TagList tags)
    {
        _span?.SetTag(TagNames.PollOutcome, tags.First(tag => tag.Key == TagNames.PollOutcome).Value);
        _watch.Client.Instruments.PollDuration.Record((_watch.Now - _began).TotalSeconds, tags);
        _span?.Dispose();
    }
}
