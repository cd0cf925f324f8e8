namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The names of spans: operations without their parameters, which are in the tags.</summary>
internal static class SpanNames
{
    public const string Walk = "koodrive.jobs.list";
    public const string Page = "koodrive.jobs.page";
    public const string Poll = "koodrive.jobs.poll";
}

/// <summary>The names of events within spans.</summary>
internal static class SpanEventNames
{
    public const string Retry = "koodrive.jobs.retry";
    public const string Shift = "koodrive.jobs.list_shift";
}

/// <summary>The names of instruments.</summary>
internal static class InstrumentNames
{
    public const string PageDuration = "koodrive.jobs.page.duration";
    public const string PageJobs = "koodrive.jobs.page.jobs";
    public const string PageRetries = "koodrive.jobs.page.retries";
    public const string PageInvalidFields = "koodrive.jobs.page.invalid_fields";
    public const string BudgetWaitDuration = "koodrive.jobs.budget.wait.duration";
    public const string BudgetPauseDuration = "koodrive.jobs.budget.pause.duration";
    public const string ListingShifts = "koodrive.jobs.listing.shifts";
    public const string PollDuration = "koodrive.jobs.poll.duration";
    public const string WatchChanges = "koodrive.jobs.watch.changes";
    public const string WatchGaps = "koodrive.jobs.watch.gaps";
    public const string WatchUnfinished = "koodrive.jobs.watch.unfinished";
    public const string WatchSuccessAge = "koodrive.jobs.watch.last_success.age";
    public const string HandlerRetries = "koodrive.jobs.handler.retries";
    public const string HandlerSkipped = "koodrive.jobs.handler.skipped";
}

/// <summary>The names of tags. The first five are those of OpenTelemetry for HTTP clients.</summary>
internal static class TagNames
{
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string StatusCode = "http.response.status_code";
    public const string ResendCount = "http.request.resend_count";

    public const string ClientName = "koodrive.jobs.client.name";
    public const string QueryType = "koodrive.jobs.query.type";
    public const string QueryStatus = "koodrive.jobs.query.status";
    public const string PageOffset = "koodrive.jobs.page.offset";
    public const string PageLimit = "koodrive.jobs.page.limit";
    public const string PageJobs = "koodrive.jobs.page.jobs";
    public const string PageField = "koodrive.jobs.page.field";
    public const string RequestId = "koodrive.jobs.request_id";
    public const string WalkPages = "koodrive.jobs.listing.pages";
    public const string WalkJobs = "koodrive.jobs.listing.jobs";
    public const string WalkRequests = "koodrive.jobs.listing.requests";
    public const string WalkShifts = "koodrive.jobs.listing.shifts";
    public const string WalkResumed = "koodrive.jobs.listing.resumed";
    public const string WalkCompleted = "koodrive.jobs.listing.completed";
    public const string PollNumber = "koodrive.jobs.poll.number";
    public const string PollOutcome = "koodrive.jobs.poll.outcome";
    public const string PollRequests = "koodrive.jobs.poll.requests";
    public const string PollJobs = "koodrive.jobs.poll.jobs";
    public const string PollFullScan = "koodrive.jobs.poll.full_scan";
    public const string ChangeKind = "koodrive.jobs.change.kind";
    public const string GapReason = "koodrive.jobs.gap.reason";
    public const string Handler = "koodrive.jobs.handler.type";
}
