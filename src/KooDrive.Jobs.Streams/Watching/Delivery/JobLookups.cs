namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>
/// The jobs that are requested by id. A poll reads new and unfinished jobs only, so a job that finished long ago needs a walk over the list: one walk for all
/// requests.
/// </summary>
/// <param name="list">Lists the jobs.</param>
/// <param name="clock">The watch's clock.</param>
/// <param name="gracePeriod">
/// The time after its request for which a job may be missing from the list. Only a walk that starts later proves that the job does not exist.
/// </param>
internal sealed class JobLookups(Func<IAsyncEnumerable<Job>> list, WatchClock clock, TimeSpan gracePeriod)
{
    private readonly Lock _lock = new();
    private readonly HashSet<JobLookup> _requested = [];

    // Not listed yet. A job that appears is new to the polls, which publish it; the list is walked again only when the grace period has passed.
    private readonly HashSet<JobLookup> _missing = [];

    // Found unfinished and not tracked by the poller, which has evicted them: each poll looks them up until they have finished.
    private readonly HashSet<JobLookup> _running = [];

    /// <summary>Whether a lookup waits for its first result.</summary>
    public bool HasRequests
    {
        get
        {
            lock (_lock)
            {
                return _requested.Count > 0;
            }
        }
    }

    /// <summary>The time until the first grace period of a missing job ends, when the list has to be walked again; null when no job is missing.</summary>
    public TimeSpan? DueIn
    {
        get
        {
            TimeSpan now = clock.Elapsed;
            lock (_lock)
            {
                return _missing.Count == 0 ? null : TimeSpan.FromTicks(Math.Max(0, (_missing.Min(lookup => lookup.RequestedAt!.Value) + gracePeriod - now).Ticks));
            }
        }
    }

    public void Request(JobLookup lookup)
    {
        TimeSpan now = clock.Elapsed;
        lock (_lock)
        {
            if (!lookup.IsCanceled)
            {
                lookup.RequestedAt ??= now;
                _missing.Remove(lookup);
                _requested.Add(lookup);
            }
        }
    }

    public void Cancel(JobLookup lookup)
    {
        lock (_lock)
        {
            lookup.IsCanceled = true;
            _requested.Remove(lookup);
            _missing.Remove(lookup);
            _running.Remove(lookup);
        }
    }

    /// <summary>Returns the current requests, which stay until they have a result, so that a failure loses none.</summary>
    public IReadOnlyList<JobLookup> GetRequested()
    {
        lock (_lock)
        {
            return _requested.Count + _missing.Count + _running.Count == 0 ? [] : [.. _requested.Union(_missing).Union(_running)];
        }
    }

    /// <summary>Returns the results of lookups that were requested before a poll, except for jobs that may be listed later.</summary>
    /// <param name="lookups">The lookups.</param>
    /// <param name="snapshot">The retained jobs after the poll.</param>
    /// <param name="cancellationToken">Cancels the walk.</param>
    /// <exception cref="JobsException">The list could not be read; the lookups stay requested.</exception>
    public async Task<IReadOnlyList<(JobLookup Lookup, Job? Job)>> ResolveAsync(
        IReadOnlyList<JobLookup> lookups, IReadOnlyList<Job> snapshot, CancellationToken cancellationToken)
    {
        if (lookups.Count == 0)
        {
            return [];
        }

        TimeSpan startedAt = clock.Elapsed;
        var requested = lookups.Select(lookup => lookup.TaskId).ToHashSet();
        var found = snapshot.Where(job => requested.Contains(job.TaskId)).ToDictionary(job => job.TaskId);
        HashSet<string> tracked = [.. found.Keys];
        HashSet<string> missing = GetMissing();
        if (missing.Count > 0)
        {
            await foreach (Job job in list().WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (missing.Remove(job.TaskId))
                {
                    found.Add(job.TaskId, job);
                }

                if (missing.Count == 0)
                {
                    break;
                }
            }
        }

        lock (_lock)
        {
            _requested.ExceptWith(lookups);
            _missing.ExceptWith(lookups);
            _running.ExceptWith(lookups);
            var results = new List<(JobLookup Lookup, Job? Job)>(lookups.Count);
            foreach (JobLookup lookup in lookups)
            {
                Job? job = found.GetValueOrDefault(lookup.TaskId);
                lookup.WasFound |= job is not null;
                if (job is not null || IsConclusive(lookup))
                {
                    results.Add((lookup, job));
                }
                else if (!lookup.IsCanceled)
                {
                    _missing.Add(lookup);
                }

                if (job is { IsFinished: false } && !tracked.Contains(job.TaskId) && !lookup.IsCanceled)
                {
                    _running.Add(lookup);
                }
            }

            return results;
        }

        HashSet<string> GetMissing()
        {
            lock (_lock)
            {
                return [.. lookups
                    .Where(lookup => !tracked.Contains(lookup.TaskId) && (!_missing.Contains(lookup) || IsConclusive(lookup)))
                    .Select(lookup => lookup.TaskId)];
            }
        }

        // The walk started when a job that exists had to be on the list.
        bool IsConclusive(JobLookup lookup) => lookup.WasFound || startedAt - lookup.RequestedAt >= gracePeriod;
    }
}
