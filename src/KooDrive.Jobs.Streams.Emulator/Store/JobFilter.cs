using KooDrive.Jobs.Streams.Emulator.Model;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The filters of a request: a type, a status, both or neither.</summary>
internal readonly record struct JobFilter(int? Type, int? Status)
{
    /// <summary>Creates a filter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type or the status is out of range.</exception>
    public static JobFilter Of(int? taskType, int? status)
    {
        ThrowIfOutside(taskType, JobCodes.FirstType, JobCodes.LastType, nameof(taskType));
        ThrowIfOutside(status, JobCodes.FirstStatus, JobCodes.LastStatus, nameof(status));
        return new JobFilter(taskType, status);
    }

    public bool Matches(EmulatedJob job) =>
        (Type is null || job.TaskType == Type) && (Status is null || job.Status == Status);

    private static void ThrowIfOutside(int? value, int first, int last, string name)
    {
        if (value < first || value > last)
        {
            throw new ArgumentOutOfRangeException(name, value, $"The value must be {first} to {last}.");
        }
    }
}
