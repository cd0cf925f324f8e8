namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

/// <summary>The result of a reader: a page, or the documented rejection.</summary>
internal sealed record ReaderOutcome(JobPage? Page, JobsResponseException? Rejection)
{
    public static ReaderOutcome Of(Func<JobPage> read)
    {
        try
        {
            return new(read(), null);
        }
        catch (JobsResponseException rejection)
        {
            return new(null, rejection);
        }
    }

    public bool IsLike(ReaderOutcome other) => Page is { } page
        ? other.Page is { } otherPage && page.Jobs.SequenceEqual(otherPage.Jobs) && page.InvalidFields.SequenceEqual(otherPage.InvalidFields)
        : other.Rejection is { } rejection
            && (rejection.Message, rejection.IsTruncated, rejection.ErrorCode, rejection.ApiMessage, rejection.InnerException?.Message)
            == (Rejection!.Message, Rejection.IsTruncated, Rejection.ErrorCode, Rejection.ApiMessage, Rejection.InnerException?.Message);
}
