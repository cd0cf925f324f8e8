using KooDrive.Jobs.Streams.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>Runs a <see cref="WatchScenario"/> and checks every event that the watch publishes.</summary>
internal sealed class ScenarioRun
{
    private readonly WatchScenario _scenario;
    private readonly Func<IJobPages, JobsClient, PollingOptions, IJobPages> _mutate;
    private readonly InMemoryJobs _server;
    private readonly FeedChecker _checker;
    private readonly HashSet<string> _wasHidden = [];
    private readonly Queue<string> _freeIds = [];
    private IReadOnlyList<Job> _lagging = [];
    private bool _lags;
    private int _lastLag;
    private int _clock;
    private int _nextStep;
    private int _next;
    private int _insertedThisSecond;

    private ScenarioRun(WatchScenario scenario, Func<IJobPages, JobsClient, PollingOptions, IJobPages>? mutate)
    {
        _scenario = scenario;
        _mutate = mutate ?? ((pages, _, _) => pages);
        _server = new InMemoryJobs
        {
            HasCreationTimes = scenario.Trouble is not Trouble.NoTimes,
            ListsNewBelowSameSecond = scenario.ListsNewBelowSameSecond,
            MaxLimit = scenario.MaxLimit,
            TieOrder = scenario.Trouble is Trouble.Ties or Trouble.Late ? new Random(7) : null,
        };
        _checker = new FeedChecker(_server.History, () => _server.Jobs, scenario.Options.Type)
        {
            IdOf = InMemoryJobs.IdOf,
            MayEvict = scenario.MaxUnfinishedJobs < 100,
            MayMistakeNewForOld = scenario.Trouble is Trouble.StepsBack,
            MayChangeOrder = scenario.Trouble is Trouble.StepsBack or Trouble.SomeTimes,
        };
    }

    public static async Task<ScenarioRun> PlayAsync(WatchScenario scenario, PollingOptions? options = null, Func<IJobPages, JobsClient, PollingOptions, IJobPages>? mutate = null)
    {
        var run = new ScenarioRun(scenario, mutate);
        await run.PlayAsync(options ?? scenario.Options);
        return run;
    }

    public int Polls { get; private set; }

    public int Failures { get; private set; }

    public int Restarts { get; private set; }

    public int Events => _checker.Events;

    public int Requests => _server.Requests.Count;

    public Dictionary<string, int> Kinds { get; } = [];

    /// <summary>The outcome of each poll, in order, and the state after it; null for a failed poll.</summary>
    public List<(PollOutcome Outcome, TrackerState State)?> Outcomes { get; } = [];

    private async Task PlayAsync(PollingOptions options)
    {
        for (int i = 0; i < _scenario.Initial; i++)
        {
            Insert(new Random(i));
        }

        _lagging = [.. _server.Jobs];
        JobPoller poller = Start(options, restored: null);
        (TrackerState? State, Dictionary<string, (int, bool)>? Received) saved = default;
        _server.BeforeRequest = Meddle;
        while (_next < _scenario.Script.Length)
        {
            Tick();
            Random random = Next();
            if (random.Next(12) == 0 && saved.State is { } state)
            {
                poller = Start(options, state);
                _checker.Restart(saved.Received, _wasHidden.ToHashSet());
                Restarts++;
            }

            // Jobs that show that a clock was set back stay visible too.
            _server.Hidden = _scenario.Trouble is not (Trouble.Lag or Trouble.StepsBack) && random.Next(8) == 0 ? Hide(random) : null;

            // A replica lags by at most one poll, so a regression that two polls observe is real.
            _lags = Polls >= _lastLag + 4 && _scenario.Trouble is Trouble.Lag && random.Next(2) == 0;
            _lastLag = _lags ? Polls : _lastLag;
            IReadOnlyList<Job> before = [.. _server.Jobs];
            if (await PollAsync(poller) && random.Next(3) == 0)
            {
                saved = (poller.Tracker.Export(), _checker.Save());
            }

            _lagging = before;
            _server.Stale = null;

            // A checkpoint does not contain the misses of a job, so two more polls must miss it.
            _server.Hidden = null;
        }

        _server.BeforeRequest = null;
        for (int idlePoll = 0; idlePoll < options.PollsPerFullScan + 4; idlePoll++)
        {
            Tick();
            await PollAsync(poller);
        }

        _checker.CheckComplete();
    }

    private JobPoller Start(PollingOptions options, TrackerState? restored)
    {
        var client = new InMemoryJobsClient(_server);
        return new JobPoller(_mutate(client.Pages(options), client, options), options, () => DateTimeOffset.UnixEpoch.AddSeconds(_clock), restored);
    }

    private async Task<bool> PollAsync(JobPoller poller)
    {
        try
        {
            PollOutcome outcome = await poller.PollAsync(++Polls, TestContext.Current.CancellationToken);
            foreach (JobEvent received in outcome.Events)
            {
                string kind = received is WatchGap gap ? gap.Reason.ToString() : received is JobChanged { Previous: null } ? "Reappeared" : received.GetType().Name;
                Kinds[kind] = Kinds.GetValueOrDefault(kind) + 1;
            }

            Outcomes.Add((outcome, poller.Tracker.Export()));
            _checker.Take(outcome);
            return true;
        }
        catch (JobsException)
        {
            Outcomes.Add(null);
            Failures++;
            return false;
        }
    }

    // Polls are a second apart at least, as jobs are dated to the second.
    private void Tick()
    {
        _server.Now++;
        _clock++;
        _insertedThisSecond = 0;
    }

    private Random Next() => new(_next < _scenario.Script.Length ? _scenario.Script[_next++] : 0);

    private void Meddle()
    {
        if (_next >= _scenario.Script.Length)
        {
            return;
        }

        Random random = Next();
        _server.Stale = _lags && random.Next(2) == 0 ? _lagging : null;
        for (int i = random.Next(_scenario.Liveliness + 1); i > 0; i--)
        {
            Happen(random);
        }

        if (random.Next(20) == 0)
        {
            throw new JobsServerException("A failure of the test's.");
        }
    }

    private void Happen(Random random)
    {
        int count = _server.Jobs.Count;
        switch (random.Next(10))
        {
            case <= 3:
                Insert(random);
                break;
            // Jobs that show that a clock was set back are not removed.
            case 4 or 5 when _scenario.Trouble is Trouble.StepsBack:
                break;
            case 4 when count > 0:
                int index = random.Next(count);
                _freeIds.Enqueue(_server.Jobs[index].TaskId);
                _server.Delete(index);
                break;
            case 5 when count > 0 && random.Next(4) == 0:
                for (int i = Math.Min(random.Next(30), count); i > 0; i--)
                {
                    _server.Delete(0);
                }

                break;
            default:
                if (count > 0)
                {
                    Change(random, random.Next(count));
                }

                break;
        }
    }

    private void Insert(Random random)
    {
        if (++_insertedThisSecond > _scenario.MaxTies)
        {
            Tick();
        }

        // A clock is corrected only occasionally.
        if (_scenario.Trouble is Trouble.StepsBack && random.Next(10) == 0 && _clock >= _nextStep)
        {
            _nextStep = _clock + (4 * _scenario.Margin);
            _server.Now -= random.Next(2 * _scenario.Margin);
        }

        _server.HasCreationTimes = _scenario.Trouble switch { Trouble.NoTimes => false, Trouble.SomeTimes => random.Next(10) > 0, _ => true };
        string? reused = null;
        if (_scenario.Trouble is Trouble.ReusedIds && random.Next(2) == 0 && _freeIds.TryDequeue(out reused))
        {
            // Another second than that of the earlier job with the id.
            Tick();
        }

        (JobStatus? status, JobResult? result) = random.Next(4) switch
        {
            0 => (JobStatus.Completed, (JobResult?)random.Next(1, 4)),
            1 => (JobStatus.Processing, null),
            _ => (JobStatus.Pending, (JobResult?)null),
        };
        int late = _scenario.Trouble is Trouble.Late && random.Next(3) == 0 ? random.Next(_scenario.Margin) : 0;
        _server.Insert(status, result, (JobType)random.Next(1, 3), late, reused);
    }

    private void Change(Random random, int index)
    {
        switch (_server.Jobs[index].Status)
        {
            case JobStatus.Pending:
                _server.Change(index, random.Next(8) == 0 ? JobStatus.Canceled : random.Next(8) == 0 ? (JobStatus)7 : JobStatus.Processing);
                break;
            case JobStatus.Completed or JobStatus.Canceled when random.Next(15) == 0 && _scenario.Trouble is not Trouble.Lag:
                _server.Change(index, (JobStatus)random.Next(2));
                break;
            case JobStatus.Completed or JobStatus.Canceled:
                break;
            default:
                _server.Change(index, random.Next(8) == 0 && _scenario.Trouble is not Trouble.Lag ? JobStatus.Pending : JobStatus.Completed, (JobResult)random.Next(1, 4));
                break;
        }
    }

    // A server omits a job from every response of one poll, because one absence is not evidence.
    private string? Hide(Random random)
    {
        Job[] unfinished = [.. _server.Jobs.Where(job => !job.IsFinished && _checker.WasPublishedUnfinished(InMemoryJobs.IdOf(job)) && !_wasHidden.Contains(job.TaskId))];
        if (unfinished.Length == 0)
        {
            return null;
        }

        string id = unfinished[random.Next(unfinished.Length)].TaskId;
        _wasHidden.Add(id);
        return id;
    }
}
