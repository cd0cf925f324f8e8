using System.Diagnostics;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Listing;

/// <summary>Measures a walk: its span, from the first request to the end, and its list shifts.</summary>
internal sealed class WalkMeasurement(ClientTelemetry client, JobQuery query, bool isResumed)
{
    private bool _isStarted;
    private long _shifts;
    private Activity? _span;

    /// <summary>Makes the span of the walk current for the rest of the calling method, so that the spans of its pages are its children.</summary>
    public void Enter()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _span = client.StartSpan(SpanNames.Walk);
            _span?.SetTag(TagNames.QueryType, query.Type?.ToString())
                .SetTag(TagNames.QueryStatus, query.Status?.ToString())
                .SetTag(TagNames.WalkResumed, isResumed);
        }
        else if (_span is { IsStopped: false })
        {
            Activity.Current = _span;
        }
    }

    /// <summary>Records a page.</summary>
    public void Advance(ListWalk walk, long offset)
    {
        if (Count(walk))
        {
            _span?.AddEvent(new ActivityEvent(SpanEventNames.Shift, tags: new() { { TagNames.PageOffset, offset } }));
        }
    }

    public void Fail(JobsException failure) => ClientTelemetry.Fail(_span, failure);

    public void End(ListWalk walk)
    {
        // A shift that ended the walk is not counted yet.
        Count(walk);
        _span?.SetTag(TagNames.WalkPages, walk.Pages)
            .SetTag(TagNames.WalkJobs, walk.Jobs)
            .SetTag(TagNames.WalkRequests, walk.Requests)
            .SetTag(TagNames.WalkShifts, walk.Shifts)
            .SetTag(TagNames.WalkCompleted, walk.IsDone);
        _span?.Dispose();
    }

    private bool Count(ListWalk walk)
    {
        if (walk.Shifts == _shifts)
        {
            return false;
        }

        client.Instruments.ListingShifts.Add(walk.Shifts - _shifts, client.Tags);
        _shifts = walk.Shifts;
        return true;
    }
}
