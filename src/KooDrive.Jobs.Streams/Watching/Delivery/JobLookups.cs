namespace KooDrive.Jobs.Streams.Watching.Delivery;

/// <summary>
/// The jobs that are requested by id. A poll reads what is new and what is unfinished, so a job that finished long ago needs a walk over the
/// list: one, for all that are requested.
/// </summary>
/// <param name="list">Walks over the list.</param>
/// <param name="clock">The watch's clock.</param>
/// <param name="gracePeriod">
/// How long after its request a job may still be missing from the list. Only a walk that starts later proves that there is no such job.
/// </param>
internal sealed class JobLookups(Func<IAsyncEnumerable<Job>> list, WatchClock clock, TimeSpan gracePeriod)
{
    private readonly Lock _gate = new();
    private readonly HashSet<JobLookup> _asked = [];

    // Not listed yet. A job that appears is new to the polls, which publish it; the list is walked again only when the grace period has passed.
    private readonly HashSet<JobLookup> _missing = [];

    // Found running, and not tracked by the poller, which has evicted them: each poll looks for them until they have finished.
    private readonly HashSet<JobLookup> _running = [];

    /// <summary>Whether one waits for its first result.</summary>
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

    /// <summary>The time until the first grace period of a missing job ends, when the list has to be walked again; null when no job is missing.</summary>
    public TimeSpan? DueIn
    {
        get
        {
            var now = clock.Elapsed;
            lock (_gate)
            {
                return _missing.Count == 0 ? null : TimeSpan.FromTicks(Math.Max(0, (_missing.Min(lookup => lookup.RequestedAt!.Value) + gracePeriod - now).Ticks));
            }
        }
    }

    public void Ask(JobLookup lookup)
    {
        var now = clock.Elapsed;
        lock (_gate)
        {
            if (!lookup.IsWithdrawn)
            {
                lookup.RequestedAt ??= now;
                _missing.Remove(lookup);
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
            _missing.Remove(lookup);
            _running.Remove(lookup);
        }
    }

    /// <summary>Those requested so far. They stay requested until they have a result, so that a failure loses none.</summary>
    public IReadOnlyList<JobLookup> Asked()
    {
        lock (_gate)
        {
            return _asked.Count + _missing.Count + _running.Count == 0 ? [] : [.. _asked.Union(_missing).Union(_running)];
        }
    }

    /// <summary>Answers lookups that were requested before the poll that gave <paramref name="known"/>, except those that may be listed later.</summary>
    /// <exception cref="JobsException">The list could not be read; the lookups stay requested.</exception>
    public async Task<IReadOnlyList<(JobLookup Lookup, Job? Job)>> AnswerAsync(
        IReadOnlyList<JobLookup> lookups, IReadOnlyList<Job> known, CancellationToken cancellationToken)
    {
        if (lookups.Count == 0)
        {
            return [];
        }

        var began = clock.Elapsed;
        var requested = lookups.Select(lookup => lookup.TaskId).ToHashSet();
        var found = known.Where(job => requested.Contains(job.TaskId)).ToDictionary(job => job.TaskId);
        HashSet<string> tracked = [.. found.Keys];
        var sought = Sought();
        if (sought.Count > 0)
        {
            await foreach (var job in list().WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (sought.Remove(job.TaskId))
                {
                    found.Add(job.TaskId, job);
                }

                if (sought.Count == 0)
                {
                    break;
                }
            }
        }

        lock (_gate)
        {
            _asked.ExceptWith(lookups);
            _missing.ExceptWith(lookups);
            _running.ExceptWith(lookups);
            var answered = new List<(JobLookup Lookup, Job? Job)>(lookups.Count);
            foreach (var lookup in lookups)
            {
                var job = found.GetValueOrDefault(lookup.TaskId);
                lookup.WasFound |= job is not null;
                if (job is not null || IsConclusive(lookup))
                {
                    answered.Add((lookup, job));
                }
                else if (!lookup.IsWithdrawn)
                {
                    _missing.Add(lookup);
                }

                if (job is { IsFinished: false } && !tracked.Contains(job.TaskId) && !lookup.IsWithdrawn)
                {
                    _running.Add(lookup);
                }
            }

            return answered;
        }

        HashSet<string> Sought()
        {
            lock (_gate)
            {
                return [.. lookups
                    .Where(lookup => !tracked.Contains(lookup.TaskId) && (!_missing.Contains(lookup) || IsConclusive(lookup)))
                    .Select(lookup => lookup.TaskId)];
            }
        }

        // The walk started when a job that exists had to be on the list.
        bool IsConclusive(JobLookup lookup) => lookup.WasFound || began - lookup.RequestedAt >= gracePeriod;
    }
}
