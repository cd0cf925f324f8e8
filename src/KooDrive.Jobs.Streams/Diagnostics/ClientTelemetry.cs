using System.Diagnostics;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The instruments of one client, with the tags of its server.</summary>
internal sealed class ClientTelemetry
{
    private readonly KeyValuePair<string, object?>[] _tags;

    /// <param name="instruments">The instruments.</param>
    /// <param name="endpoint">The server; null if there is none.</param>
    /// <param name="clientName">The service key of the client; null if the application has one client.</param>
    public ClientTelemetry(JobsInstruments instruments, Uri? endpoint, string? clientName)
    {
        Instruments = instruments;
        Server = $"{endpoint?.Authority ?? "a server"}{(clientName is null ? "" : $" ({clientName})")}";
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

    /// <summary>The telemetry of clients without a server.</summary>
    public static ClientTelemetry None { get; } = new(JobsInstruments.Shared, endpoint: null, clientName: null);

    public JobsInstruments Instruments { get; }

    /// <summary>The server and the service key of the client, for log messages.</summary>
    public string Server { get; }

    /// <summary>Whether pages are measured: an instrument or the activity source has a listener.</summary>
    public bool MeasuresPages => Instruments.PageDuration.Enabled || Instruments.PageJobs.Enabled || JobsInstruments.Spans.HasListeners();

    /// <summary>The tags of all measurements of this client.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>Starts a span with the tags of this client. Returns null without a listener.</summary>
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

    /// <summary>Records the retry of a page.</summary>
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

    /// <summary>Records the time that an attempt waited before it was sent.</summary>
    public void BudgetWaited(TimeSpan duration) => Instruments.BudgetWaitDuration.Record(duration.TotalSeconds, _tags);

    /// <summary>Records a pause that the server requested.</summary>
    public void BudgetPaused(TimeSpan duration) => Instruments.BudgetPauseDuration.Record(duration.TotalSeconds, _tags);

    /// <summary>Records the invalid values of a field on a page.</summary>
    public void FieldInvalid(InvalidField field)
    {
        if (Instruments.PageInvalidFields.Enabled)
        {
            Instruments.PageInvalidFields.Add(field.Count, new TagList(_tags) { { TagNames.PageField, field.Name } });
        }
    }

    /// <summary>Marks a span as failed. Only messages of the library are recorded, because others may contain anything.</summary>
    public static void Fail(Activity? span, Exception exception)
    {
        span?.SetTag(TagNames.ErrorType, exception.GetType().FullName);
        span?.SetStatus(ActivityStatusCode.Error, exception is JobsException ? exception.Message : null);
    }
}
