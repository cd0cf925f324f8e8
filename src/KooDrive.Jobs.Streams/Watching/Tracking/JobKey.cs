using System.Globalization;

namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// A task id as a key. Ids are numbers of 19 digits, which need a third of the memory and of the time to compare as numbers; an id that is not a number is kept
/// as text.
/// </summary>
internal readonly record struct JobKey
{
    // Numbers of 20 digits may be too large.
    private const int MaxDigits = 19;

    private readonly ulong _number;
    private readonly string? _text;

    private JobKey(ulong number, string? text) => (_number, _text) = (number, text);

    public static JobKey Of(Job job) => Of(job.TaskId);

    // Ids with leading zeros must stay distinct, so they are kept as text; 0 would be the default value.
    public static JobKey Of(string taskId)
    {
        if (taskId is not [>= '1' and <= '9', ..] || taskId.Length > MaxDigits)
        {
            return new JobKey(0, taskId);
        }

        ulong number = 0;
        foreach (char digit in taskId)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return new JobKey(0, taskId);
            }

            number = (number * 10) + (ulong)(digit - '0');
        }

        return new JobKey(number, null);
    }

    public override string ToString() => _text ?? _number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A job in the list, and its position.</summary>
/// <param name="Key">The key of the job.</param>
/// <param name="Job">The job.</param>
/// <param name="Position">The position: the number of jobs before the job.</param>
internal readonly record struct FoundJob(JobKey Key, Job Job, long Position)
{
    /// <summary>The creation time in ticks of UTC, which can be added without overflow; null when it is not known.</summary>
    public long? Time => Job.Create.UtcTicks;
}
