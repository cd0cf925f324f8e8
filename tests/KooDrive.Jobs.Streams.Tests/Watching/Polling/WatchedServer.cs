using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>A server and a poller of its list, for tests of single polls.</summary>
internal sealed class WatchedServer
{
    public static readonly DateTimeOffset ObservedAt = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PollingOptions _options;
    private readonly int _start;
    private long _polls;

    public WatchedServer(PollingOptions? options = null, InMemoryJobs? jobs = null)
    {
        _options = options ?? new PollingOptions();
        Jobs = jobs ?? new InMemoryJobs();
        _start = Jobs.Now;
        Poller = Start(restored: null);
    }

    public InMemoryJobs Jobs { get; }

    public JobPoller Poller { get; private set; }

    /// <summary>Polls some seconds after the previous poll.</summary>
    public async Task<PollOutcome> PollAsync()
    {
        Jobs.Now += 5;
        return await Poller.PollAsync(++_polls, TestContext.Current.CancellationToken);
    }

    /// <summary>Polls until the newest job has settled, and clears the recorded requests.</summary>
    public async Task PollUntilIdleAsync()
    {
        for (int poll = 0; poll < 30; poll++)
        {
            await PollAsync();
        }

        Jobs.Requests.Clear();
    }

    /// <summary>Polls once, and returns a short description of each event.</summary>
    public async Task<string[]> DescribePollAsync() => [.. (await PollAsync()).Events.Select(Describe)];

    public void Restart(TrackerState state) => Poller = Start(state);

    public void Delete(string taskId) => Jobs.Delete(IndexOf(taskId));

    public void Change(string taskId, JobStatus? status, JobResult? result = null) => Jobs.Change(IndexOf(taskId), status, result);

    /// <summary>Returns a short description of an event.</summary>
    public static string Describe(JobEvent received) => received switch
    {
        JobListed { Job: var job } => $"listed {job.TaskId[^2..]} {job.Status}",
        JobAdded { Job: var job } => $"added {job.TaskId[^2..]} {job.Status}",
        JobChanged { Job: var job, Previous: var previous } => $"changed {job.TaskId[^2..]} {previous?.Status.ToString() ?? "?"} to {job.Status}",
        JobVanished { Job: var job } => $"vanished {job.TaskId[^2..]} {job.Status}",
        WatchGap gap => $"gap {gap.Reason}",
        _ => "synced",
    };

    private JobPoller Start(TrackerState? restored) => new(
        new InMemoryJobsClient(Jobs).Pages(_options), _options, () => ObservedAt.AddSeconds(Jobs.Now - _start), restored);

    private int IndexOf(string taskId) => Jobs.Jobs.Index().First(job => job.Item.TaskId == taskId).Index;
}
