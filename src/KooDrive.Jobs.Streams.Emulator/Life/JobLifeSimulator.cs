using KooDrive.Jobs.Streams.Emulator.Model;
using KooDrive.Jobs.Streams.Emulator.Store;

namespace KooDrive.Jobs.Streams.Emulator.Life;

/// <summary>Creates, processes and finishes jobs in a store by a script. Initially unfinished jobs are finished too.</summary>
/// <remarks>
/// The times of jobs are those of the script, not the times at which the timer fires. The same seed and the same start time therefore
/// create the same jobs with the same ids. Steps of jobs that the user has removed or finished are skipped.
/// </remarks>
internal sealed class JobLifeSimulator : IAsyncDisposable
{
    // Timers have a resolution of one millisecond. A timer that fired early would have to wait again.
    private const double TimerResolution = 1;

    private readonly PriorityQueue<Action<TimeSpan>, (TimeSpan Due, long Order)> _schedule = new();
    private readonly EmulatedJobStore _jobs;
    private readonly JobClock _clock;
    private readonly JobLifeScript _lifeScript;
    private readonly TimeProvider _timeProvider;
    private readonly double _speed;
    private readonly DateTime _startTime;
    private readonly long _startTimestamp;
    private readonly ITimer _timer;
    private int _remainingJobs;
    private long _order;

    public JobLifeSimulator(EmulatedJobStore jobs, JobClock clock, JobsEmulatorOptions options, TimeProvider timeProvider)
    {
        _jobs = jobs;
        _clock = clock;
        _lifeScript = new JobLifeScript(options.Seed);
        _timeProvider = timeProvider;
        _speed = options.Speed;
        _remainingJobs = options.ScriptedJobCount;
        _startTime = clock.Now;
        _startTimestamp = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(_ => RunDueActions(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        foreach (EmulatedJob job in jobs.Snapshot().Reverse().Where(job => job.Status is JobCodes.Pending or JobCodes.Processing))
        {
            Schedule(job.TaskId, TimeSpan.Zero, _lifeScript.NextSteps(started: job.Status == JobCodes.Processing));
        }

        ScheduleArrival(TimeSpan.Zero);
        WaitForNext(TimeSpan.Zero);
    }

    // Waits for a running callback, so that no job changes afterwards.
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void RunDueActions()
    {
        TimeSpan now = _timeProvider.GetElapsedTime(_startTimestamp) * _speed;
        while (_schedule.TryPeek(out Action<TimeSpan>? act, out (TimeSpan Due, long Order) next) && next.Due <= now)
        {
            _schedule.Dequeue();
            act(next.Due);
        }

        WaitForNext(now);
    }

    private void WaitForNext(TimeSpan now)
    {
        if (_schedule.TryPeek(out _, out (TimeSpan Due, long Order) next))
        {
            double milliseconds = (next.Due - now).TotalMilliseconds / _speed;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(TimerResolution, Math.Ceiling(milliseconds))), Timeout.InfiniteTimeSpan);
        }
    }

    private void ScheduleArrival(TimeSpan last)
    {
        if (_remainingJobs-- > 0)
        {
            Schedule(last + _lifeScript.NextArrival(), AddJob);
        }
    }

    private void AddJob(TimeSpan now)
    {
        EmulatedJob job = _jobs.Add(_lifeScript.NextJob(), At(now));
        Schedule(job.TaskId, now, _lifeScript.NextSteps());
        ScheduleArrival(now);
    }

    private void Schedule(string taskId, TimeSpan start, IReadOnlyList<ScriptedStep> steps)
    {
        foreach (ScriptedStep step in steps)
        {
            Schedule(start + step.At, now => _jobs.TryUpdate(taskId, job => Apply(step, job, _clock.Text(At(now)))));
        }
    }

    private void Schedule(TimeSpan due, Action<TimeSpan> act) => _schedule.Enqueue(act, (due, _order++));

    private DateTime At(TimeSpan scriptTime) => _startTime + (scriptTime / _speed);

    private static EmulatedJob Apply(ScriptedStep step, EmulatedJob job, string time) => (step.Action, job.Status) switch
    {
        (ScriptedAction.Start, JobCodes.Pending) => JobTransitions.Start(job, time),
        (ScriptedAction.Progress, JobCodes.Processing) => job with { Progress = step.Value },
        (ScriptedAction.Cancel, JobCodes.Pending or JobCodes.Processing) => JobTransitions.Cancel(job, time),
        (ScriptedAction.Finish, JobCodes.Pending or JobCodes.Processing) => Finish(job, step.Value, time),
        _ => job,
    };

    private static EmulatedJob Finish(EmulatedJob job, int taskResultCode, string time)
    {
        bool failed = taskResultCode == JobCodes.AllFailed;
        EmulatedJob finished = JobTransitions.Finish(job, taskResultCode, failed ? SampleJobFactory.NoSpaceLeft : null, time);
        return job.TaskType == JobCodes.PackageDownload && !failed
            ? finished with { DownloadUrl = SampleJobFactory.DownloadUrl(job.TaskId) }
            : finished;
    }
}
