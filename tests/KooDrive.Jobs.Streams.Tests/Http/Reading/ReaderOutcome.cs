namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

/// <summary>What a reader made of some bytes: a page, or the documented refusal.</summary>
internal sealed record ReaderOutcome(JobPage? Page, JobsResponseException? Refusal)
{
    public static ReaderOutcome Of(Func<JobPage> read)
    {
        try
        {
            return new(read(), null);
        }
        catch (JobsResponseException refusal)
        {
            return new(null, refusal);
        }
    }

    public bool IsLike(ReaderOutcome other) => Page is { } page
        ? other.Page is { } otherPage && page.Jobs.SequenceEqual(otherPage.Jobs) && page.InvalidFields.SequenceEqual(otherPage.InvalidFields)
        : other.Refusal is { } refusal
            && (refusal.Message, refusal.IsTruncated, refusal.ErrorCode, refusal.ApiMessage, refusal.InnerException?.Message)
            == (Refusal!.Message, Refusal.IsTruncated, Refusal.ErrorCode, Refusal.ApiMessage, Refusal.InnerException?.Message);
}
