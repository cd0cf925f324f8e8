using KooDrive.Jobs.Streams.Emulator.Model;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The documented status transitions of a job: 0 to 1, 1 to 2, 0 to 3 and 1 to 3, and 0 to 2 for a job that is faster than a poll.</summary>
internal static class JobTransitions
{
    public static EmulatedJob Start(EmulatedJob job, string time) => job.Status == JobCodes.Pending
        ? job with { Status = JobCodes.Processing, BeginTime = time }
        : throw new InvalidOperationException($"Job {job.TaskId} cannot start: its status is {job.Status}, not {JobCodes.Pending}.");

    public static EmulatedJob Finish(EmulatedJob job, int taskResultCode, int? resultCode, string time) => Unfinished(job) with
    {
        Status = JobCodes.Completed,
        TaskResultCode = taskResultCode,
        ResultCode = resultCode,
        BeginTime = job.BeginTime ?? time,
        EndTime = time,
        Progress = job.Progress is null ? null : 100,
    };

    public static EmulatedJob Cancel(EmulatedJob job, string time) =>
        Unfinished(job) with { Status = JobCodes.Canceled, EndTime = time };

    private static EmulatedJob Unfinished(EmulatedJob job) => job.IsFinished
        ? throw new InvalidOperationException($"Job {job.TaskId} has finished: its status is {job.Status}.")
        : job;
}
