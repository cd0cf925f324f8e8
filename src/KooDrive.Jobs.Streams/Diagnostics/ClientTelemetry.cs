using System.Diagnostics;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The instruments as one client uses them: every measurement says which server it is about.</summary>
internal sealed class ClientTelemetry
{
    private readonly KeyValuePair<string, object?>[] _tags;

    /// <param name="instruments">Where measurements go.</param>
    /// <param name="endpoint">The server; null where there is none.</param>
    /// <param name="clientName">The client's service key, where the application has several.</param>
    public ClientTelemetry(JobsInstruments instruments, Uri? endpoint, string? clientName)
    {
        Instruments = instruments;
        var tags = new TagList();
        if (endpoint is not null)
        {
            tags.Add(TagNames.ServerAddress, endpoint.Host);
            tags.Add(TagNames.ServerPort, endpoint.Port);
        }

        if (clientName is not null)
        {
            tags.Add(TagNames.ClientName, clientName);
        }

        _tags = [.. tags];
    }

    /// <summary>Of clients without a server.</summary>
    public static ClientTelemetry None { get; } = new(JobsInstruments.Shared, endpoint: null, clientName: null);

    public JobsInstruments Instruments { get; }

    /// <summary>Whether anybody wants to know of pages.</summary>
    public bool MeasuresPages => Instruments.PageDuration.Enabled || Instruments.PageJobs.Enabled || JobsInstruments.Spans.HasListeners();

    /// <summary>The tags of all measurements of this client.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>Begins a span with this client's tags; null when nobody wants it.</summary>
    public Activity? StartSpan(string name)
    {
        Activity? span = JobsInstruments.Spans.StartActivity(name);
        if (span is { IsAllDataRequested: true })
        {
            foreach ((string key, object? value) in _tags)
            {
                span.SetTag(key, value);
            }
        }

        return span;
    }

    /// <summary>A page is asked for again.</summary>
    public void PageRetried(JobsException failure)
    {
        string? error = failure.GetType().FullName;
        if (Instruments.PageRetries.Enabled)
        {
            Instruments.PageRetries.Add(1, new TagList(_tags) { { TagNames.ErrorType, error } });
        }

        if (Activity.Current is { IsAllDataRequested: true, OperationName: SpanNames.Page } span)
        {
            span.AddEvent(new ActivityEvent(SpanEventNames.Retry, tags: new() { { TagNames.ErrorType, error }, { TagNames.StatusCode, (int?)failure.StatusCode } }));
        }
    }

    /// <summary>A field had an invalid value in some jobs of a page.</summary>
    public void FieldInvalid(InvalidField field)
    {
        if (Instruments.PageInvalidFields.Enabled)
        {
            Instruments.PageInvalidFields.Add(field.Count, new TagList(_tags) { { TagNames.PageField, field.Name } });
        }
    }

    /// <summary>Marks a span as failed. Only messages of our own are told: others may hold anything.</summary>
    public static void Fail(Activity? span, Exception exception)
    {
        span?.SetTag(TagNames.ErrorType, exception.GetType().FullName);
        span?.SetStatus(ActivityStatusCode.Error, exception is JobsException ? exception.Message : null);
    }
}
