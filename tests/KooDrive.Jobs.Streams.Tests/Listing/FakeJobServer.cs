using System.Globalization;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Listing;

namespace KooDrive.Jobs.Streams.Tests.Listing;

/// <summary>A list of jobs for <see cref="FetchJobPage"/>, without HTTP; each response can be delayed.</summary>
internal sealed class FakeJobServer(int jobs)
{
    private readonly Job[] _jobs = [.. Enumerable.Range(0, jobs).Select(i => new Job { TaskId = i.ToString(CultureInfo.InvariantCulture) })];
    private readonly Lock _counters = new();

    public List<long> Offsets { get; } = [];

    public int MaxInFlight { get; private set; }

    public int InFlight { get; private set; }

    public int CanceledCount { get; private set; }

    /// <summary>The task that each response waits for.</summary>
    public Func<long, CancellationToken, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    public IEnumerable<string> TaskIds => _jobs.Select(job => job.TaskId);

    public JobListing List(
        JobListingOptions? options = null, JobQuery? query = null, IProgress<JobListingProgress>? progress = null) =>
        new ServerJobListing(FetchAsync, query ?? JobQuery.All, options ?? new JobListingOptions(), ClientTelemetry.None, progress);

    private async Task<JobPage> FetchAsync(JobQuery query, long offset, int limit, CancellationToken cancellationToken)
    {
        lock (_counters)
        {
            Offsets.Add(offset);
            MaxInFlight = Math.Max(MaxInFlight, ++InFlight);
        }

        try
        {
            await Before(offset, cancellationToken);
            return new JobPage
            {
                Jobs = [.. _jobs.Skip((int)Math.Min(offset, jobs)).Take(limit)],
                Offset = offset,
                Limit = limit,
                RequestId = $"request {offset}",
                TraceId = $"trace {offset}",
            };
        }
        catch (OperationCanceledException)
        {
            lock (_counters)
            {
                CanceledCount++;
            }

            throw;
        }
        finally
        {
            lock (_counters)
            {
                InFlight--;
            }
        }
    }
}
