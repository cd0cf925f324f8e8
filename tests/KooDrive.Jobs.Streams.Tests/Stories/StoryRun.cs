using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Tests.Watching.Polling;

namespace KooDrive.Jobs.Streams.Tests.Stories;

/// <summary>Runs a <see cref="ClientStory"/>: a durable watch that dies and starts again, and listings between its polls, all over sockets.</summary>
internal sealed class StoryRun
{
    private readonly ClientStory _story;
    private readonly StoryWorld _world;
    private readonly Func<JobsClientOptions, JobsCredential, JobsClient> _createClient;
    private readonly Func<JobEvent, bool> _isHandedOn;
    private readonly FeedChecker _checker;
    private readonly MemoryCheckpointStore _store = new();
    private readonly List<JobEvent> _published = [];
    private volatile bool _hasDied;
    private int _pollsLeft;

    private StoryRun(ClientStory story, StoryWorld world, Func<JobsClientOptions, JobsCredential, JobsClient>? createClient, Func<JobEvent, bool>? isHandedOn)
    {
        _story = story;
        _world = world;
        _createClient = createClient ?? ((options, credential) => new JobsClient(options, credential));
        _isHandedOn = isHandedOn ?? (_ => true);
        _pollsLeft = story.Polls;
        _checker = new FeedChecker(world.History, world.Jobs, story.Watch.Type);
        _store.BeforeSave = () => DieAtTimes("before its checkpoint was saved");
    }

    public int Listings { get; private set; }

    public int GivenUp { get; private set; }

    public int Resumed { get; private set; }

    public int Deaths { get; private set; }

    public int FailedPolls { get; private set; }

    public int Events => _checker.Events;

    public int Faults => _world.Faults;

    /// <summary>Runs a story.</summary>
    /// <param name="story">The story.</param>
    /// <param name="createClient">Creates a broken client; null for the real client.</param>
    /// <param name="isHandedOn">Whether an event is passed to the checks; null for every event.</param>
    /// <exception cref="FeedException">The client lost or repeated a job, or published a wrong state.</exception>
    public static async Task<StoryRun> PlayAsync(
        ClientStory story, Func<JobsClientOptions, JobsCredential, JobsClient>? createClient = null, Func<JobEvent, bool>? isHandedOn = null)
    {
        await using StoryWorld world = await StoryWorld.StartAsync(story);
        var run = new StoryRun(story, world, createClient, isHandedOn);
        await run.PlayAsync();
        return run;
    }

    private async Task PlayAsync()
    {
        using JobsClient client = _createClient(_world.ClientOptions(), _world.Credential);
        await ListAsync(client);
        while (!_world.IsIdle || _pollsLeft > 0)
        {
            await LiveAsync(client);
        }

        _checker.CheckComplete();
        await ListAsync(client);
    }

    // Runs the watching process from its start to its death, or to the end of the story.
    private async Task LiveAsync(JobsClient client)
    {
        CancellationToken testEnd = TestContext.Current.CancellationToken;
        var scheduler = new StoryScheduler();
        await using JobWatch watch = client.WatchJobs(
            new JobWatchOptions
            {
                Type = _story.Watch.Type,
                PollsPerFullScan = _story.Watch.PollsPerFullScan,
                MaxRetainedFinishedJobs = _story.Watch.MaxRetainedFinishedJobs,
                MaxRequestsPerPoll = _story.Watch.MaxRequestsPerPoll,

                // The story itself starts the watch again after an error that is not transient.
                FatalErrorGracePeriod = TimeSpan.Zero,
            },
            new JobWatchServices { Scheduler = scheduler });
        _published.Clear();
        _hasDied = false;
        Task processing = watch.ProcessAsync(HandleAsync, _store, new JobProcessingOptions { MaxSaveRetries = 0 }, testEnd);
        while (true)
        {
            Task<Action> wait = scheduler.NextWaitAsync(testEnd).AsTask();
            await Task.WhenAny(processing, wait);
            if (processing.IsCompleted || _hasDied || watch.Health.LastException is JobsException { IsTransient: false })
            {
                Deaths++;
                await SeeItDieAsync(processing);
                _checker.Restart(_store.Checkpoint is null ? null : _checker.Save(), new HashSet<string>());
                return;
            }

            TakePoll(watch.Health);
            if (--_pollsLeft <= 0)
            {
                if (_world.IsIdle)
                {
                    return;
                }

                // Then a full scan and two more polls show that nothing was lost.
                _world.IsIdle = true;
                _pollsLeft = _story.Watch.PollsPerFullScan + 4;
            }

            _world.Change();
            if (_world.Happens(20))
            {
                await ListAsync(client);
            }

            (await wait)();
        }
    }

    private void TakePoll(JobWatchHealth health)
    {
        if (health.ConsecutiveFailureCount > 0)
        {
            FailedPolls++;
            return;
        }

        _world.Catch();
        _checker.Take([.. _published]);
        _published.Clear();
    }

    private ValueTask HandleAsync(JobEvent received, CancellationToken cancellationToken)
    {
        DieAtTimes("in the handler");
        if (_isHandedOn(received))
        {
            _published.Add(received);
        }

        return ValueTask.CompletedTask;
    }

    private void DieAtTimes(string where)
    {
        if (_world.Happens(_story.StopsPerHundred))
        {
            _hasDied = true;
            throw new StoryDeathException(where);
        }
    }

    private static async Task SeeItDieAsync(Task processing)
    {
        try
        {
            await processing;
        }
        catch (StoryDeathException)
        {
            // A random death of the process.
        }
        catch (JobsException exception) when (!exception.IsTransient)
        {
            // A token that expired twice in one request, or a response that is not from the API: the process restarts.
        }
    }

    private async Task ListAsync(JobsClient client)
    {
        var query = new JobQuery
        {
            Type = _world.Happens(20) ? JobType.BatchReplication : null,
            Status = _world.Happens(20) ? JobStatus.Processing : null,
        };
        var listing = new StoryListing(_story, _world, client, query);
        await listing.WalkAsync();
        Listings++;
        GivenUp += listing.GaveUp ? 1 : 0;
        Resumed += listing.Resumed;
    }

    private sealed class StoryDeathException(string where) : Exception($"The process died {where}.");
}
