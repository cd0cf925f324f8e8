using System.Runtime.CompilerServices;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Listing;

/// <summary>A listing of the pages of a server.</summary>
/// <param name="fetch">Gets a page.</param>
/// <param name="query">The filters.</param>
/// <param name="options">How the list is read. Valid and not changed afterwards.</param>
/// <param name="telemetry">Measures the walks.</param>
/// <param name="progress">Receives the progress after each page; null for none.</param>
internal sealed class ServerJobListing(
    FetchJobPage fetch, JobQuery query, JobListingOptions options, ClientTelemetry telemetry, IProgress<JobListingProgress>? progress = null)
    : JobListing
{
    public override IAsyncEnumerator<Job> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new JobEnumerator(new JobWalk(fetch, query, options, resumeFrom: null, progress, telemetry, cancellationToken));

    public override IAsyncEnumerable<JobPage> AsPages(string? resumePoint = null) =>
        WalkAsync(resumePoint is null ? null : Read(resumePoint));

    public override string ToString() => (query.Type, query.Status) switch
    {
        (null, null) => "All jobs",
        ({ } type, null) => $"Jobs of type {type}",
        (null, { } status) => $"Jobs with status {status}",
        ({ } type, { } status) => $"Jobs of type {type} with status {status}",
    };

    private async IAsyncEnumerable<JobPage> WalkAsync(
        ResumePoint? resumeFrom,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var walk = new JobWalk(fetch, query, options, resumeFrom, progress, telemetry, cancellationToken);
        await using (walk.ConfigureAwait(false))
        {
            while (await walk.ReadAsync().ConfigureAwait(false) is { } read)
            {
                yield return new JobPage
                {
                    Jobs = read.NewJobs,
                    Offset = read.Page.Offset,
                    Limit = read.Page.Limit,
                    RequestId = read.Page.RequestId,
                    TraceId = read.Page.TraceId,
                    LateJobCount = read.LateCount,
                    FormatResumePoint = walk.GetResumePoint().ToString,
                };
            }
        }
    }

    private ResumePoint Read(string resumePoint)
    {
        ResumePoint point;
        try
        {
            point = ResumePointFormat.Read(resumePoint);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException($"{exception.Message} Pass the resume point unchanged, or null to start from the beginning.", nameof(resumePoint), exception);
        }

        return point.Query == query
            ? point
            : throw new ArgumentException("The resume point belongs to a listing with another type or status filter. Use the resume point with the query of that listing.", nameof(resumePoint));
    }
}
