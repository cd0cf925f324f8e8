namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The initial jobs of an emulator.</summary>
internal static class InitialJobs
{
    private const int MaxUnfinished = 4;
    private const int MeanPauseSeconds = 60;

    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    // The ids contain a time. It is not the time of the start, so that they are the same at each start, and it is earlier, so that new jobs have greater ids.
    private static readonly DateTime TaskIdsUntil = new(2026, 1, 1);

    public static void AddTo(EmulatedJobStore store, JobsEmulatorOptions options)
    {
        if (options.Preset == JobsEmulatorPreset.DocumentedExample)
        {
            store.AddMany(DocumentedExample());
        }

        store.AddMany(SampleJobs(options, store.Clock));
    }

    /// <summary>Returns the sample jobs, oldest first. The same seed returns the same ids, whatever the time.</summary>
    private static EmulatedJob[] SampleJobs(JobsEmulatorOptions options, JobClock clock)
    {
        // One job in five is unfinished, but at most four jobs.
        int unfinished = Math.Min(options.SampleJobCount / 5, MaxUnfinished);
        var times = new Random(options.Seed);
        var factory = new SampleJobFactory(new Random(options.Seed));
        TimeSpan[] ages = Ages(options.SampleJobCount, unfinished, times);
        var jobs = new EmulatedJob[ages.Length];
        var taskIds = new TaskIdSequence();
        DateTime now = clock.Now;
        for (int index = 0; index < jobs.Length; index++)
        {
            DateTime created = now - ages[index];
            EmulatedJob job = factory.Draw() with { TaskId = taskIds.Next(TaskIdsUntil - ages[index]), CreateTime = clock.Text(created) };
            DateTime begun = Earlier(created + (times.NextDouble() * MaxWait), now);
            int fromEnd = jobs.Length - index;
            jobs[index] = fromEnd > unfinished ? factory.End(job, clock.Text(begun), clock.Text(Earlier(begun + Work(job, times), now)))
                : (unfinished - fromEnd) % 2 == 0 ? JobTransitions.Start(job, clock.Text(begun))
                : job;
        }

        return jobs;
    }

    /// <summary>Returns the ages, oldest first. Half of the jobs follow the job before within a second, as when a user selects several folders.</summary>
    private static TimeSpan[] Ages(int count, int unfinished, Random random)
    {
        var ages = new TimeSpan[count];
        var age = TimeSpan.FromSeconds(2);
        for (int index = 0; index < count; index++)
        {
            ages[count - 1 - index] = age;
            age += index < unfinished ? TimeSpan.FromSeconds(1 + (random.NextDouble() * 10))
                : random.Next(2) == 0 ? Burst
                : TimeSpan.FromSeconds(1 - (MeanPauseSeconds * Math.Log(1 - random.NextDouble())));
        }

        return ages;
    }

    // A quarter of a second per file, and at least a second.
    private static TimeSpan Work(EmulatedJob job, Random random) => TimeSpan.FromSeconds(1 + (random.NextDouble() * (job.ContentNum ?? 1) / 2));

    private static DateTime Earlier(DateTime left, DateTime right) => left < right ? left : right;

    /// <summary>The two jobs of the example response, oldest first.</summary>
    private static EmulatedJob[] DocumentedExample() =>
    [
        new()
        {
            TaskId = "1320279092268104960",
            TaskType = 2,
            ActionType = 201,
            Status = 2,
            TaskResultCode = 1,
            ContentNum = 4,
            ContainerId = "IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
            BeginTime = "20231227151852",
            EndTime = "20231227151852",
            CreateTime = "20231227151852",
        },
        new()
        {
            TaskId = "1320279189273965056",
            TaskType = 2,
            ActionType = 201,
            Status = 2,
            TaskResultCode = 1,
            ContentNum = 1,
            ContainerId = "IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
            BeginTime = "20231227151904",
            EndTime = "20231227151904",
            CreateTime = "20231227151904",
        },
    ];
}
