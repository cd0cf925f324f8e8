using System.Globalization;

namespace KooDrive.Jobs.Streams.Tests.Listing.Anchoring;

/// <summary>A server's list of jobs, newest first, that changes; and a record of which jobs were there all the time.</summary>
internal sealed class ChangingList
{
    private readonly List<Job> _jobs;
    private readonly Func<long, string> _name;
    private long _nextId;

    /// <param name="count">How many jobs there are at the start.</param>
    /// <param name="name">The id of the job that came so many-eth; null for numbers that grow, as the server's do.</param>
    public ChangingList(int count, Func<long, string>? name = null)
    {
        _name = name ?? (age => (1_320_279_000_000_000_000 + (age * 97)).ToString(CultureInfo.InvariantCulture));
        _jobs = [.. Enumerable.Range(0, count).Select(_ => NewJob()).Reverse()];
        Survivors = [.. _jobs.Select(job => job.TaskId)];
    }

    /// <summary>The jobs that were there from the start and still are.</summary>
    public HashSet<string> Survivors { get; }

    public int Count => _jobs.Count;

    public Job[] Page(long offset, int limit) => [.. _jobs.Skip((int)Math.Min(offset, int.MaxValue)).Take(limit)];

    public void InsertAt(int index, int count) => _jobs.InsertRange(index, Enumerable.Range(0, count).Select(_ => NewJob()).Reverse());

    public void RemoveRange(int index, int count)
    {
        foreach (Job job in _jobs.Skip(index).Take(count))
        {
            Survivors.Remove(job.TaskId);
        }

        _jobs.RemoveRange(index, Math.Min(count, _jobs.Count - index));
    }

    /// <summary>From here on a job counts as a survivor if it is here now.</summary>
    public void BeginAgain()
    {
        Survivors.Clear();
        Survivors.UnionWith(_jobs.Select(job => job.TaskId));
    }

    private Job NewJob() => new() { TaskId = _name(_nextId++) };
}
