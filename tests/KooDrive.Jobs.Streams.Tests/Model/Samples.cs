namespace KooDrive.Jobs.Streams.Tests.Model;

/// <summary>A job with every field, and one event of each kind.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Time = new(2023, 12, 27, 15, 19, 4, TimeSpan.Zero);

    public static Job Full { get; } = new()
    {
        TaskId = "1320279189273965056",
        Type = JobType.BatchDeletion,
        Action = JobAction.DeletionToRecycleBin,
        Status = JobStatus.Completed,
        Result = JobResult.PartiallyFailed,
        ResultCode = 13000311,
        ContentCount = 3,
        ContainerId = "c",
        TenantId = "t",
        BeginTime = Time,
        EndTime = Time.AddTicks(1234567),
        CreateTime = Time.ToOffset(TimeSpan.FromHours(8)),
        TaskName = "归档 <&+> \"\n",
        UserId = "u",
        Progress = 50,
        DownloadUrl = "https://host/a?b=c&d",
    };

    public static IReadOnlyList<JobEvent> Events { get; } =
    [
        new JobListed { Job = Full, Poll = 1, ObservedAt = Time },
        new WatchSynced { Poll = 1, ObservedAt = Time },
        new JobAdded { Job = Full, Poll = 2, ObservedAt = Time },
        new JobChanged { Job = Full, Previous = new Job { TaskId = Full.TaskId, Status = JobStatus.Processing }, Poll = 3, ObservedAt = Time },
        new JobVanished { Job = Full, Poll = 4, ObservedAt = Time },
        new WatchGap { Reason = WatchGapReason.RequestsExhausted, Message = "Changes may be missing.", Poll = 5, ObservedAt = Time },
        new PollFailed { Exception = new JobsServerException("down"), ConsecutiveFailureCount = 2, Delay = TimeSpan.FromSeconds(2.5), Poll = 6, ObservedAt = Time },
        new PollCompleted { RequestCount = 1, JobCount = 100, ChangeCount = 2, Duration = TimeSpan.FromTicks(1_234_567), Poll = 7, ObservedAt = Time },
    ];
}
