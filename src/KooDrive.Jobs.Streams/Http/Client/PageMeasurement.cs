using System.Diagnostics;
using KooDrive.Jobs.Streams.Diagnostics;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>Measures the request of a page: its span, its duration and its jobs.</summary>
/// <remarks>A canceled request has a span without an outcome, and no measurements.</remarks>
internal readonly struct PageMeasurement : IDisposable
{
    private readonly ClientTelemetry _client;
    private readonly TimeProvider _time;
    private readonly PageRequest _request;
    private readonly long _startedAt;
    private readonly Activity? _span;

    public PageMeasurement(ClientTelemetry client, TimeProvider time, PageRequest request)
    {
        _client = client;
        _time = time;
        _request = request;
        _startedAt = time.GetTimestamp();
        _span = client.StartSpan(SpanNames.Page);
        _span?.SetTag(TagNames.PageOffset, request.Offset).SetTag(TagNames.PageLimit, request.Limit);
    }

    public void Complete(JobPage page)
    {
        _client.Instruments.PageJobs.Add(page.JobCount, _client.Tags);
        _span?.SetTag(TagNames.PageJobs, page.JobCount);
        Record(new TagList(_client.Tags));
    }

    public void Fail(JobsException failure)
    {
        ClientTelemetry.Fail(_span, failure);
        Record(new TagList(_client.Tags) { { TagNames.ErrorType, failure.GetType().FullName } });
    }

    public void Dispose() => _span?.Dispose();

    private void Record(TagList tags)
    {
        if (_request.Facts.StatusCode is { } status)
        {
            tags.Add(TagNames.StatusCode, (int)status);
            _span?.SetTag(TagNames.StatusCode, (int)status);
        }

        _client.Instruments.PageDuration.Record(_time.GetElapsedTime(_startedAt).TotalSeconds, tags);
        if (_request.AttemptCount > 1)
        {
            _span?.SetTag(TagNames.ResendCount, _request.AttemptCount - 1);
        }

        _span?.SetTag(TagNames.RequestId, _request.Facts.RequestId);
    }
}
