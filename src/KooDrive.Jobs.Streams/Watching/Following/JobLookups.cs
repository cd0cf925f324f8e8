namespace KooDrive.Jobs.Streams;

/// <summary>
/// The jobs that are asked for by id. A poll looks at what is new and what is unfinished, so a job that finished long ago needs a walk over the
/// list: one, for all that are asked for.
/// </summary>
internal sealed class JobLookups(Func<IAsyncEnumerable<Job>> list)
{
    private readonly Lock _gate = new();
    private readonly HashSet<JobLookup> _asked = [];

    // Found running, and not followed by the poller, which has let them go: each poll looks for them until they have finished.
    private readonly HashSet<JobLookup> _running = [];

    /// <summary>Whether one waits for its first answer.</summary>
    public bool Any
    {
        get
        {
            lock (_gate)
            {
                return _asked.Count > 0;
            }
        }
    }

    public void Ask(JobLookup lookup)
    {
        lock (_gate)
        {
            if (!lookup.IsWithdrawn)
            {
                _asked.Add(lookup);
            }
        }
    }

    public void Withdraw(JobLookup lookup)
    {
        lock (_gate)
        {
            lookup.IsWithdrawn = true;
            _asked.Remove(lookup);
            _running.Remove(lookup);
        }
    }

    /// <summary>Those asked so far. They stay asked until they are answered, so that a failure loses none.</summary>
    public IReadOnlyList<JobLookup> Asked()
    {
        lock (_gate)
        {
            return _asked.Count + _running.Count == 0 ? [] : [.. _asked.Union(_running)];
        }
    }

    /// <summary>Answers lookups that were asked before the poll that gave <paramref name="known"/>.</summary>
    /// <exception cref="JobsException">The list could not be read; the lookups stay asked.</exception>
    public async Task<IReadOnlyList<(JobLookup Lookup, Job? Job)>> AnswerAsync(
        IReadOnlyList<JobLookup> lookups, IReadOnlyList<Job> known, CancellationToken cancellationToken)
    {
        if (lookups.Count == 0)
        {
            return [];
        }

        var missing = lookups.Select(lookup => lookup.TaskId).ToHashSet();
        var found = new Dictionary<string, Job>();
        foreach (var job in known)
        {
            Note(job);
        }

        HashSet<string> followed = [.. found.Keys];
        if (missing.Count > 0)
        {
            await foreach (var job in list().WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                Note(job);
                if (missing.Count == 0)
                {
                    break;
                }
            }
        }

        lock (_gate)
        {
            _asked.ExceptWith(lookups);
            _running.ExceptWith(lookups);
            _running.UnionWith(lookups.Where(lookup => !lookup.IsWithdrawn && IsRunningUnfollowed(lookup.TaskId)));
        }

        return [.. lookups.Select(lookup => (lookup, found.GetValueOrDefault(lookup.TaskId)))];

        void Note(Job job)
        {
            if (missing.Remove(job.TaskId))
            {
                found.Add(job.TaskId, job);
            }
        }

        bool IsRunningUnfollowed(string taskId) => found.TryGetValue(taskId, out var job) && !job.IsFinished && !followed.Contains(taskId);
    }
}
