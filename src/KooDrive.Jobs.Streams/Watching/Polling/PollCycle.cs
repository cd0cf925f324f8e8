using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Model;
using KooDrive.Jobs.Streams.Watching.Delivery;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Watching.Polling;

/// <summary>One poll from beginning to end: what it found or failed of is told, and how long to wait is worked out.</summary>
internal sealed class PollCycle(
    WatchClock clock,
    EventHub hub,
    JobLookups lookups,
    PollSchedule schedule,
    FatalErrors fatalErrors,
    ILogger logger,
    WatchTelemetry telemetry)
{
    private volatile JobWatchHealth _health = new();
    private volatile object? _nextPollAt;
    private volatile IReadOnlyList<Job> _retained = [];

    /// <summary>The health without the observers. The due time of the next poll follows changes of the wall clock.</summary>
    public JobWatchHealth Health => _nextPollAt is TimeSpan due ? _health with { NextPoll = clock.UtcNow + (due - clock.Elapsed) } : _health;

    /// <summary>The retained jobs after the last completed poll, oldest first.</summary>
    public IReadOnlyList<Job> Retained => _retained;

    /// <summary>Replaced between runs only.</summary>
    public required IJobPoller Poller { get; set; }

    public bool HasFailed => _health.ConsecutiveFailures > 0;

    /// <summary>Whether somebody waits for what only a poll can tell.</summary>
    public bool IsWanted => lookups.Any;

    /// <summary>What the next poll waits for, beside time.</summary>
    public Acknowledgements Acknowledgements { get; } = new();

    /// <summary>Polls once, and looks for the jobs that are asked for and that the poll did not bring.</summary>
    /// <returns>How long to wait for the next.</returns>
    public async Task<TimeSpan> RunAsync(CancellationToken cancellationToken)
    {
        var asked = lookups.Asked();
        var poll = Begin();
        var invalidFields = new InvalidFieldReport();
        try
        {
            return await RunAsync(poll, asked, invalidFields, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (InvalidField field in invalidFields.Fields)
            {
                WatchLog.InvalidField(logger, poll, field.Count, field.Name, field.TaskId);
            }
        }
    }

    /// <summary>No polls follow until a subscriber comes.</summary>
    public void Interrupt() => fatalErrors.Interrupt();

    private async Task<TimeSpan> RunAsync(
        long poll, IReadOnlyList<JobLookup> asked, InvalidFieldReport invalidFields, CancellationToken cancellationToken)
    {
        var began = clock.Elapsed;
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
                var changes = outcome.Events.Count(next => next is JobChange);
                delay = schedule.AfterSuccess(outcome.Snapshot.Any(job => !job.IsFinished), changes > 0);
                Succeed(poll, began, outcome, changes, delay);
            }
            catch (Exception error) when (!IsStop(error))
            {
                // Whatever it is, the subscribers are told: as an event, or as their end.
                var fatal = fatalErrors.IsFatal(error);
                measurement.Fail(error, fatal);
                return Fail(poll, error, fatal);
            }
        }

        try
        {
            await AnswerAsync(asked, poll, outcome.Snapshot, invalidFields, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!IsStop(error))
        {
            // The poll has succeeded, and was told so. That the list could not be looked through is told as a failed poll of its own.
            return Fail(Begin(), error, fatalErrors.IsFatal(error));
        }

        schedule.Recover();
        fatalErrors.Succeed();
        return lookups.DueIn is { } due && due < delay ? PlanNext(due) : delay;

        bool IsStop(Exception error) => error is OperationCanceledException && cancellationToken.IsCancellationRequested;
    }

    private long Begin()
    {
        var poll = _health.Polls + 1;
        _nextPollAt = null;
        _health = _health with { Polls = poll };
        return poll;
    }

    private TimeSpan PlanNext(TimeSpan delay)
    {
        _nextPollAt = clock.Elapsed + delay;
        return delay;
    }

    private async Task AnswerAsync(
        IReadOnlyList<JobLookup> asked, long poll, IReadOnlyList<Job> known, InvalidFieldReport invalidFields, CancellationToken cancellationToken)
    {
        IReadOnlyList<(JobLookup Lookup, Job? Job)> answers;
        using (invalidFields.Collect())
        {
            answers = await lookups.AnswerAsync(asked, known, cancellationToken).ConfigureAwait(false);
        }

        if (answers.Count > 0)
        {
            hub.Tell([.. answers.Select(answer => new JobSought
            {
                Lookup = answer.Lookup,
                Job = answer.Job,
                Poll = poll,
                ObservedAt = clock.UtcNow,
            })]);
        }
    }

    private void Succeed(long poll, TimeSpan began, PollOutcome outcome, int changes, TimeSpan delay)
    {
        var now = clock.UtcNow;
        _retained = outcome.Snapshot;
        _health = _health with { LastSuccess = now, ConsecutiveFailures = 0, LastError = null };
        PlanNext(delay);
        Acknowledgements.Begin();
        hub.Publish(
            outcome.Events,
            new PollCompleted
            {
                Poll = poll,
                ObservedAt = now,
                Requests = outcome.Requests,
                Jobs = outcome.Jobs,
                Changes = changes,
                Duration = clock.Elapsed - began,
            },
            new RetainedJobs(outcome.Snapshot, poll, now));
    }

    private TimeSpan Fail(long poll, Exception error, bool fatal)
    {
        var now = clock.UtcNow;
        var delay = schedule.AfterFailure((error as JobsException)?.RetryAfter);
        _health = _health with { ConsecutiveFailures = schedule.Failures, LastError = error };
        if (fatal)
        {
            WatchLog.WatchFailed(logger, poll, error);
            hub.Fail(error);
        }
        else
        {
            PlanNext(delay);
            WatchLog.PollFailed(logger, poll, schedule.Failures, delay.TotalSeconds, error);
            hub.Tell(new PollFailed { Poll = poll, ObservedAt = now, Error = error, Attempt = schedule.Failures, Delay = delay });
        }

        return delay;
    }
}
