using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>Jobs that take every documented path to a final state, in three steps.</summary>
internal sealed class JobPaths
{
    private readonly EmulatedJobStore _jobs;
    private readonly string[] _ids;

    public JobPaths(EmulatedJobStore jobs)
    {
        _jobs = jobs;
        _ids = [.. Enumerable.Range(0, 6).Select(number => jobs.Add(taskType: (number % 5) + 1).TaskId)];
    }

    /// <summary>The first step: some jobs start, and one is canceled before.</summary>
    public void Start()
    {
        foreach (string id in _ids[..4])
        {
            _jobs.Start(id);
        }

        _jobs.Cancel(_ids[4]);
    }

    /// <summary>The second step: some jobs finish, with each result, and one is canceled.</summary>
    public void FinishSome()
    {
        _jobs.Finish(_ids[0], taskResultCode: 1);
        _jobs.Finish(_ids[1], taskResultCode: 2);
        _jobs.Cancel(_ids[2]);
    }

    /// <summary>The last step: the other jobs finish, one of which no poll may have seen running.</summary>
    public void FinishAll()
    {
        _jobs.Finish(_ids[3], taskResultCode: 3);
        _jobs.Start(_ids[5]);
        _jobs.Finish(_ids[5], taskResultCode: 1);
    }

    /// <summary>The keys of all final states of some accounts.</summary>
    public IReadOnlyCollection<string> FinalKeys(IEnumerable<JobAccount> accounts) =>
        [.. accounts.SelectMany(account => _ids.Select(id => TestAccounts.Key(account, _jobs.Find(id)!)))];
}
