using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Model;
using KooDrive.Jobs.Streams.Watching.Delivery;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>Runs polls, publishes their outcomes, and computes the delay until the next poll.</summary>
internal sealed class PollCycle(
    WatchClock clock,
    EventHub hub,
    JobLookups lookups,
    PollSchedule schedule,
    FatalErrors fatalErrors,
    PollLog log,
    ILogger logger,
    WatchTelemetry telemetry)
{
    private volatile JobWatchHealth _health = new();
    private volatile object? _nextPollAt;
    private volatile IReadOnlyList<Job> _retained = [];
    private bool _hasUnfinished;
    private long _pollCount;

    /// <summary>The health without the observers. The due time of the next poll follows changes of the wall clock.</summary>
    public JobWatchHealth Health => _health with
    {
        PollCount = Interlocked.Read(ref _pollCount),
        NextPollAt = _nextPollAt is TimeSpan due ? clock.UtcNow + (due - clock.Elapsed) : null,
    };

    /// <summary>The retained jobs after the last completed poll, oldest first.</summary>
    public IReadOnlyList<Job> Retained => _retained;

    /// <summary>The poller, which is replaced between runs only.</summary>
    public required IJobPoller Poller { get; set; }

    public bool HasFailed => _health.ConsecutiveFailureCount > 0;

    /// <summary>Whether a lookup waits for a poll.</summary>
    public bool HasLookupRequests => lookups.HasRequests;

    /// <summary>The acknowledgment for which the next poll waits.</summary>
    public Acknowledgments Acknowledgments { get; } = new();

    /// <summary>Polls once, and looks up the requested jobs that the poll did not read.</summary>
    /// <returns>The delay until the next poll.</returns>
    public async ValueTask<TimeSpan> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<JobLookup> requested = lookups.GetRequested();
        log.Begin();
        long poll = Begin();
        var invalidFields = new InvalidFieldReport();
        try
        {
            return await RunAsync(poll, requested, invalidFields, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (InvalidField field in invalidFields.Fields)
            {
                WatchLog.InvalidField(logger, poll, field.Count, field.Name, field.TaskId);
            }
        }
    }

    /// <summary>Records that no polls follow until there is a subscriber.</summary>
    public void Interrupt()
    {
        fatalErrors.Interrupt();
        log.Interrupt();
    }

    private async ValueTask<TimeSpan> RunAsync(
        long poll, IReadOnlyList<JobLookup> requested, InvalidFieldReport invalidFields, CancellationToken cancellationToken)
    {
        TimeSpan startedAt = clock.Elapsed;
        PollOutcome outcome;
        TimeSpan delay;
        using (var measurement = new PollMeasurement(telemetry, poll))
        {
            try
            {
                using (invalidFields.Collect())
                {
                    outcome = await Poller.PollAsync(poll, cancellationToken).ConfigureAwait(false);
                }

                measurement.Complete(outcome);
                int changes = outcome.Events.Count(next => next is JobChange);
                delay = schedule.AfterSuccess(HasUnfinished(outcome.Snapshot), changes > 0);
                log.Succeed(poll, outcome);
                Succeed(poll, startedAt, outcome, changes, delay);
            }
            catch (Exception exception) when (!IsStop(exception))
            {
                // Every exception is delivered to the subscribers, as an event or as their end.
                bool fatal = fatalErrors.IsFatal(exception);
                measurement.Fail(exception, fatal);
                return Fail(poll, exception, fatal);
            }
        }

        try
        {
            if (requested.Count > 0)
            {
                await ResolveLookupsAsync(requested, poll, outcome.Snapshot, invalidFields, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!IsStop(exception))
        {
            // PollCompleted was published already, so the failure of the lookup counts as a separate failed poll.
            return Fail(Begin(), exception, fatalErrors.IsFatal(exception));
        }

        schedule.Recover();
        log.Recover(poll);
        fatalErrors.RecordSuccess();
        return lookups.DueIn is { } due && due < delay ? PlanNext(due) : delay;

        bool IsStop(Exception exception) => exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
    }

    // A poll that changes nothing keeps the instance.
    private bool HasUnfinished(IReadOnlyList<Job> snapshot) =>
        _hasUnfinished = ReferenceEquals(snapshot, _retained) ? _hasUnfinished : snapshot.Any(job => !job.IsFinished);

    private long Begin()
    {
        _nextPollAt = null;
        return Interlocked.Increment(ref _pollCount);
    }

    private TimeSpan PlanNext(TimeSpan delay)
    {
        _nextPollAt = clock.Elapsed + delay;
        return delay;
    }

    private async Task ResolveLookupsAsync(
        IReadOnlyList<JobLookup> requested, long poll, IReadOnlyList<Job> snapshot, InvalidFieldReport invalidFields, CancellationToken cancellationToken)
    {
        IReadOnlyList<(JobLookup Lookup, Job? Job)> results;
        using (invalidFields.Collect())
        {
            results = await lookups.ResolveAsync(requested, snapshot, cancellationToken).ConfigureAwait(false);
        }

        if (results.Count > 0)
        {
            hub.Broadcast([.. results.Select(result => new JobLookupResult
            {
                Lookup = result.Lookup,
                Job = result.Job,
                Poll = poll,
                ObservedAt = clock.UtcNow,
            })]);
        }
    }

    private void Succeed(long poll, TimeSpan startedAt, PollOutcome outcome, int changes, TimeSpan delay)
    {
        DateTimeOffset now = clock.UtcNow;
        _retained = outcome.Snapshot;
        _health = _health with { LastSuccessAt = now, ConsecutiveFailureCount = 0, LastException = null };
        PlanNext(delay);
        Acknowledgments.Begin();
        hub.Publish(
            outcome.Events,
            new PollCompleted
            {
                Poll = poll,
                ObservedAt = now,
                RequestCount = outcome.RequestCount,
                JobCount = outcome.JobCount,
                ChangeCount = changes,
                Duration = clock.Elapsed - startedAt,
            },
            new RetainedJobs(outcome.Snapshot, poll, now));
    }

    private TimeSpan Fail(long poll, Exception exception, bool fatal)
    {
        DateTimeOffset now = clock.UtcNow;
        TimeSpan delay = schedule.AfterFailure((exception as JobsException)?.RetryAfter);
        _health = _health with { ConsecutiveFailureCount = schedule.ConsecutiveFailureCount, LastException = exception };
        if (fatal)
        {
            WatchLog.WatchFailed(logger, poll, exception);
            hub.Fail(exception);
        }
        else
        {
            PlanNext(delay);
            log.Fail(poll, now, schedule.ConsecutiveFailureCount, delay, exception);
            hub.Broadcast(new PollFailed { Poll = poll, ObservedAt = now, Exception = exception, ConsecutiveFailureCount = schedule.ConsecutiveFailureCount, Delay = delay });
        }

        return delay;
    }
}
