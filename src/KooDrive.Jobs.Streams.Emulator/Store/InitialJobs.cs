namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The initial jobs of an emulator.</summary>
internal static class InitialJobs
{
    private const int MaxUnfinished = 4;

    public static void AddTo(EmulatedJobStore store, JobsEmulatorOptions options)
    {
        if (options.Preset == JobsEmulatorPreset.DocumentedExample)
        {
            store.AddMany(DocumentedExample());
        }

        // One job in five is unfinished, but at most four jobs.
        int unfinished = Math.Min(options.SampleJobCount / 5, MaxUnfinished);
        store.Fill(options.SampleJobCount - unfinished, options.Seed);
        var factory = new SampleJobFactory(new Random(options.Seed));
        for (int index = 0; index < unfinished; index++)
        {
            string taskId = store.Add(factory.Draw()).TaskId;
            if (index % 2 == 0)
            {
                store.Start(taskId);
            }
        }
    }

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
