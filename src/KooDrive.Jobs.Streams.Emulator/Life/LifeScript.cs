using KooDrive.Jobs.Streams.Emulator.Store;

namespace KooDrive.Jobs.Streams.Emulator.Life;

/// <summary>Draws when jobs come and what becomes of them: the same seed, the same script. All times are those of speed 1.</summary>
internal sealed class LifeScript(int seed)
{
    private const int ProgressSteps = 4;

    // Every documented way in every round of twelve, the common ones more often. A sudden job has gone through all of its states
    // before anybody can have looked.
    private readonly Way[] _round =
    [
        Way.Succeeds, Way.Succeeds, Way.Succeeds, Way.Succeeds, Way.PartiallyFails, Way.PartiallyFails,
        Way.Fails, Way.CanceledPending, Way.CanceledProcessing, Way.CanceledProcessing, Way.Sudden, Way.Sudden,
    ];

    private readonly Random _random = new(seed);
    private readonly SampleJobFactory _jobs = new(new Random(seed));
    private int _drawn;

    private enum Way
    {
        Succeeds,
        PartiallyFails,
        Fails,
        CanceledPending,
        CanceledProcessing,
        Sudden,
    }

    public EmulatedJob NextJob() => _jobs.Draw();

    /// <summary>How long after one job the next comes.</summary>
    public TimeSpan NextArrival() => Between(0.5, 2);

    /// <summary>What becomes of a job that is to be processed, or of one that is being processed already.</summary>
    public IReadOnlyList<ScriptedStep> NextSteps(bool started = false)
    {
        if (_drawn % _round.Length == 0)
        {
            _random.Shuffle(_round);
        }

        Way way = _round[_drawn++ % _round.Length];
        TimeSpan start = way == Way.Sudden ? TimeSpan.FromMilliseconds(20) : Between(0.3, 2);
        TimeSpan work = way == Way.Sudden ? TimeSpan.FromMilliseconds(20) : Between(2, 8);
        if (started)
        {
            start = TimeSpan.Zero;
        }
        else if (way == Way.CanceledPending)
        {
            return [new(start, ScriptedAction.Cancel)];
        }

        List<ScriptedStep> steps = started ? [] : [new(start, ScriptedAction.Start)];
        if (way != Way.Sudden)
        {
            steps.AddRange(Enumerable.Range(1, ProgressSteps).Select(step =>
                new ScriptedStep(start + (work * step / (ProgressSteps + 1)), ScriptedAction.Progress, 100 * step / (ProgressSteps + 1))));
        }

        if (way is Way.CanceledPending or Way.CanceledProcessing)
        {
            // While half of its work is done.
            steps.RemoveRange(steps.Count - (ProgressSteps / 2), ProgressSteps / 2);
            steps.Add(new(start + (work / 2), ScriptedAction.Cancel));
        }
        else
        {
            steps.Add(new(start + work, ScriptedAction.Finish, ResultOf(way)));
        }

        return steps;
    }

    private static int ResultOf(Way way) => way switch
    {
        Way.PartiallyFails => JobCodes.PartiallyFailed,
        Way.Fails => JobCodes.AllFailed,
        _ => JobCodes.AllSucceeded,
    };

    private TimeSpan Between(double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + (_random.NextDouble() * (toSeconds - fromSeconds)));
}
