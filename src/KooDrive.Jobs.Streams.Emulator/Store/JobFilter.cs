namespace KooDrive.Jobs.Streams.Emulator;

/// <summary>The filters of a request: a type, a status, both or neither.</summary>
internal readonly record struct JobFilter(int? Type, int? Status)
{
    public bool Matches(EmulatedJob job) =>
        (Type is null || job.TaskType == Type) && (Status is null || job.Status == Status);
}
