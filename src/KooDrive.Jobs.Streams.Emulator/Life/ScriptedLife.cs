using KooDrive.Jobs.Streams.Emulator.Store;

namespace KooDrive.Jobs.Streams.Emulator.Life;

/// <summary>Plays a script to a store: jobs come, run and end by themselves, and unfinished ones that it finds there end too.</summary>
/// <remarks>
/// The times of jobs are those of the script, not those at which the timer came round to it. So the same seed and the same start
/// give the same jobs, ids included. What somebody else removes or finishes meanwhile is left alone.
/// </remarks>
internal sealed class ScriptedLife : IAsyncDisposable
{
    // Timers count in whole milliseconds; one that fired early would only have to wait again.
    private const double TimerResolution = 1;

    private readonly PriorityQueue<Action<TimeSpan>, (TimeSpan Due, long Order)> _script = new();
    private readonly EmulatedJobStore _jobs;
    private readonly JobClock _clock;
    private readonly LifeScript _draw;
    private readonly TimeProvider _timeProvider;
    private readonly double _speed;
    private readonly DateTime _startTime;
    private readonly long _startTimestamp;
    private readonly ITimer _timer;
    private int _jobsToCome;
    private long _order;

    public ScriptedLife(EmulatedJobStore jobs, JobClock clock, JobsEmulatorOptions options, TimeProvider timeProvider)
    {
        _jobs = jobs;
        _clock = clock;
        _draw = new LifeScript(options.Seed);
        _timeProvider = timeProvider;
        _speed = options.Speed;
        _jobsToCome = options.ScriptedJobs;
        _startTime = clock.Now;
        _startTimestamp = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(_ => Play(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        foreach (EmulatedJob job in jobs.Snapshot().Reverse().Where(job => job.Status is JobCodes.Pending or JobCodes.Processing))
        {
            Schedule(job.TaskId, TimeSpan.Zero, _draw.NextSteps(started: job.Status == JobCodes.Processing));
        }

        ScheduleArrival(TimeSpan.Zero);
        WaitForNext(TimeSpan.Zero);
    }

    // Waits for a callback that is running, so nothing moves afterwards.
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Play()
    {
        TimeSpan now = _timeProvider.GetElapsedTime(_startTimestamp) * _speed;
        while (_script.TryPeek(out Action<TimeSpan>? act, out (TimeSpan Due, long Order) place) && place.Due <= now)
        {
            _script.Dequeue();
            act(place.Due);
        }

        WaitForNext(now);
    }

    private void WaitForNext(TimeSpan now)
    {
        if (_script.TryPeek(out _, out (TimeSpan Due, long Order) next))
        {
            double milliseconds = (next.Due - now).TotalMilliseconds / _speed;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(TimerResolution, Math.Ceiling(milliseconds))), Timeout.InfiniteTimeSpan);
        }
    }

    private void ScheduleArrival(TimeSpan last)
    {
        if (_jobsToCome-- > 0)
        {
            Schedule(last + _draw.NextArrival(), Arrive);
        }
    }

    private void Arrive(TimeSpan now)
    {
        EmulatedJob job = _jobs.Add(_draw.NextJob(), At(now));
        Schedule(job.TaskId, now, _draw.NextSteps());
        ScheduleArrival(now);
    }

    private void Schedule(string taskId, TimeSpan start, IReadOnlyList<ScriptedStep> steps)
    {
        foreach (ScriptedStep step in steps)
        {
            Schedule(start + step.At, now => _jobs.TryUpdate(taskId, job => Take(step, job, _clock.Text(At(now)))));
        }
    }

    private void Schedule(TimeSpan due, Action<TimeSpan> act) => _script.Enqueue(act, (due, _order++));

    private DateTime At(TimeSpan scriptTime) => _startTime + (scriptTime / _speed);

    private static EmulatedJob Take(ScriptedStep step, EmulatedJob job, string time) => (step.Action, job.Status) switch
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
