using System.Globalization;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Stories;

/// <summary>The emulator of a story: its list changes, its responses fail, and its record is the reference for the checks of the client.</summary>
internal sealed class StoryWorld : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly ClientStory _story;
    private readonly JobsEmulator _emulator;
    private readonly EmulatedJobHistory _record;
    private readonly Random _random;
    private int _changesLeft;
    private int _tokens;
    private int _copiedCount;
    private DateTime _second = new(2026, 1, 1);
    private int _leftInSecond;

    private StoryWorld(ClientStory story, JobsEmulator emulator)
    {
        _story = story;
        _emulator = emulator;
        _random = new Random(story.Seed);
        _changesLeft = story.Changes;
        _record = emulator.Jobs.RecordChanges();
        for (int i = 0; i < story.Initial; i++)
        {
            Add();
        }

        RenewToken();
        OrderFaults();
        emulator.BeforeResponse = (_, _) =>
        {
            Change();
            return ValueTask.CompletedTask;
        };
    }

    /// <summary>Each job's states by the emulator's record, in order; brought up to date by <see cref="Catch"/>.</summary>
    public Dictionary<string, List<JobState>> History { get; } = [];

    public bool IsIdle { get; set; }

    public int Faults => (int)_emulator.Faults.AppliedCount;

    public long Requests => _emulator.Requests.Count;

    public static async Task<StoryWorld> StartAsync(ClientStory story) =>
        new(story, await JobsEmulator.StartAsync(
            new() { MaxPageSize = story.LimitCap, ShuffleTies = story.ShuffleTies, Seed = story.Seed }, cancellationToken: TestContext.Current.CancellationToken));

    public static Job ToJob(EmulatedJob job) => new()
    {
        TaskId = job.TaskId,
        Type = (JobType?)job.TaskType,
        Status = (JobStatus?)job.Status,
        Result = (JobResult?)job.TaskResultCode,
    };

    public JobsCredential Credential => new AccessTokenCredential(_ => ValueTask.FromResult(Token));

    public JobsClientOptions ClientOptions() => new()
    {
        Endpoint = _emulator.Endpoint,
        UserId = "1505084218764547200",
        RetryDelay = TimeSpan.Zero,
        MaxRetries = 1,
    };

    public IReadOnlyList<Job> Jobs() => [.. _emulator.Jobs.Snapshot().Select(ToJob)];

    /// <summary>Returns the changes that the emulator has recorded so far.</summary>
    public IReadOnlyList<EmulatedJobChange> Record() => _record.Snapshot();

    public void Catch()
    {
        IReadOnlyList<EmulatedJobChange> record = Record();
        for (; _copiedCount < record.Count; _copiedCount++)
        {
            if (record[_copiedCount].Current is { } job)
            {
                if (!History.TryGetValue(job.TaskId, out List<JobState>? states))
                {
                    History.Add(job.TaskId, states = []);
                }

                states.Add(InMemoryJobs.StateOf(ToJob(job)));
            }
        }
    }

    /// <summary>Returns true with a probability in percent.</summary>
    public bool Happens(int perHundred)
    {
        lock (_lock)
        {
            return !IsIdle && _random.Next(100) < perHundred;
        }
    }

    /// <summary>Up to <see cref="ClientStory.Liveliness"/> jobs are added, removed, advanced or regressed; occasionally, a token expires.</summary>
    public void Change()
    {
        lock (_lock)
        {
            for (int i = _random.Next(_story.Liveliness + 1); i > 0 && _changesLeft > 0 && !IsIdle; i--)
            {
                _changesLeft--;
                ChangeOne(_emulator.Jobs.Snapshot());
            }
        }
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    private string Token => $"token-{Volatile.Read(ref _tokens)}";

    private void ChangeOne(IReadOnlyList<EmulatedJob> jobs)
    {
        EmulatedJob? job = jobs.Count == 0 ? null : jobs[_random.Next(jobs.Count)];
        switch (_random.Next(12))
        {
            case 0 when _story.FaultsPerHundred > 0:
                RenewToken();
                break;
            case <= 4 or _ when job is null:
                Add();
                break;
            case 5 or 6:
                _emulator.Jobs.Remove(job!.TaskId);
                break;
            case 7:
                MoveBack(job!);
                break;
            default:
                MoveOn(job!);
                break;
        }
    }

    private void Add() => MoveOnOrLeave(_emulator.Jobs.Add(new EmulatedJob { TaskType = _random.Next(1, 3), Status = 0, ContentNum = 1, CreateTime = NextCreateTime() }));

    private string NextCreateTime()
    {
        if (_leftInSecond == 0)
        {
            _second = _second.AddSeconds(_random.Next(1, 3));
            _leftInSecond = _random.Next(1, _story.TieSize + 1);
        }

        _leftInSecond--;
        return _second.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
    }

    private void MoveOnOrLeave(EmulatedJob job)
    {
        if (_random.Next(2) == 0)
        {
            MoveOn(job);
        }
    }

    private void MoveOn(EmulatedJob job)
    {
        switch (job.Status)
        {
            case 0 when _random.Next(2) == 0:
                _emulator.Jobs.Start(job.TaskId);
                break;
            case 0 or 1 when _random.Next(6) == 0:
                _emulator.Jobs.Cancel(job.TaskId);
                break;
            case 0 or 1:
                _emulator.Jobs.Finish(job.TaskId, _random.Next(1, 4));
                break;
        }
    }

    private void MoveBack(EmulatedJob job)
    {
        if (job.Status > 0)
        {
            _emulator.Jobs.Update(job.TaskId, old => old with { Status = old.Status == 1 ? 0 : _random.Next(2), TaskResultCode = null });
        }
    }

    private void RenewToken()
    {
        int next = _tokens + 1;
        _emulator.Credentials.ReplaceTokens($"token-{next}");
        Volatile.Write(ref _tokens, next);
    }

    private void OrderFaults()
    {
        EmulatorFault[] faults =
        [
            EmulatorFault.Fail(500),
            EmulatorFault.Disconnect,
            EmulatorFault.Throttle(TimeSpan.Zero),
            EmulatorFault.CutOff(30),
            EmulatorFault.Drip(64, TimeSpan.Zero),
            EmulatorFault.Replace("<html>Bad gateway</html>", "text/html", 502),
        ];
        for (int i = 0; i < faults.Length; i++)
        {
            int which = i;
            _emulator.Faults.When(request => Drawn(request.Number, faults.Length) == which, faults[i]);
        }
    }

    // Depends only on the number of the request, so that the same choice is made in every order.
    private int Drawn(long request, int kinds)
    {
        var random = new Random(unchecked(_story.Seed + ((int)request * 7919)));
        return !IsIdle && random.Next(100) < _story.FaultsPerHundred ? random.Next(kinds) : -1;
    }
}
