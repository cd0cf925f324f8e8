using KooDrive.Jobs.Streams.Emulator.Model;
using KooDrive.Jobs.Streams.Emulator.Store;

namespace KooDrive.Jobs.Streams.Emulator.Life;

/// <summary>Generates the jobs, their creation times and their steps from a seed. All times are those of speed 1.</summary>
internal sealed class JobLifeScript(int seed)
{
    private const int ProgressSteps = 4;

    // Every round of twelve contains every documented outcome, the common ones more often. A sudden job finishes within milliseconds, between
    // two polls.
    private readonly Outcome[] _round =
    [
        Outcome.Succeeds, Outcome.Succeeds, Outcome.Succeeds, Outcome.Succeeds, Outcome.PartiallyFails, Outcome.PartiallyFails,
        Outcome.Fails, Outcome.CanceledPending, Outcome.CanceledProcessing, Outcome.CanceledProcessing, Outcome.Sudden, Outcome.Sudden,
    ];

    private readonly Random _random = new(seed);
    private readonly SampleJobFactory _jobs = new(new Random(seed));
    private int _drawn;

    private enum Outcome
    {
        Succeeds,
        PartiallyFails,
        Fails,
        CanceledPending,
        CanceledProcessing,
        Sudden,
    }

    public EmulatedJob NextJob() => _jobs.Draw();

    /// <summary>Returns the time between the creation of two jobs.</summary>
    public TimeSpan NextArrival() => Between(0.5, 2);

    /// <summary>Returns the steps of a pending job, or the remaining steps of a job that is being processed.</summary>
    public IReadOnlyList<ScriptedStep> NextSteps(bool started = false)
    {
        if (_drawn % _round.Length == 0)
        {
            _random.Shuffle(_round);
        }

        Outcome outcome = _round[_drawn++ % _round.Length];
        TimeSpan start = outcome == Outcome.Sudden ? TimeSpan.FromMilliseconds(20) : Between(0.3, 2);
        TimeSpan work = outcome == Outcome.Sudden ? TimeSpan.FromMilliseconds(20) : Between(2, 8);
        if (started)
        {
            start = TimeSpan.Zero;
        }
        else if (outcome == Outcome.CanceledPending)
        {
            return [new(start, ScriptedAction.Cancel)];
        }

        List<ScriptedStep> steps = started ? [] : [new(start, ScriptedAction.Start)];
        if (outcome != Outcome.Sudden)
        {
            steps.AddRange(Enumerable.Range(1, ProgressSteps).Select(step =>
                new ScriptedStep(start + (work * step / (ProgressSteps + 1)), ScriptedAction.Progress, 100 * step / (ProgressSteps + 1))));
        }

        if (outcome is Outcome.CanceledPending or Outcome.CanceledProcessing)
        {
            // The job is canceled in the middle of its processing.
            steps.RemoveRange(steps.Count - (ProgressSteps / 2), ProgressSteps / 2);
            steps.Add(new(start + (work / 2), ScriptedAction.Cancel));
        }
        else
        {
            steps.Add(new(start + work, ScriptedAction.Finish, ResultOf(outcome)));
        }

        return steps;
    }

    private static int ResultOf(Outcome outcome) => outcome switch
    {
        Outcome.PartiallyFails => JobCodes.PartiallyFailed,
        Outcome.Fails => JobCodes.AllFailed,
        _ => JobCodes.AllSucceeded,
    };

    private TimeSpan Between(double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + (_random.NextDouble() * (toSeconds - fromSeconds)));
}
