using System.Collections.Concurrent;
using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Tests.Diagnostics;

/// <summary>Records the spans below its own span, in the order in which they end, without the spans of concurrent tests.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        Root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == JobsDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == Root.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity Root { get; }

    public IReadOnlyList<Activity> Spans => [.. _spans];

    public IReadOnlyList<Activity> Named(string name) => [.. _spans.Where(span => span.OperationName == name)];

    public void Dispose()
    {
        _listener.Dispose();
        Root.Dispose();
    }
}
