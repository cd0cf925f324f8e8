using System.Globalization;

namespace KooDrive.Jobs.Streams.Watching.Tracking;

/// <summary>
/// A task id as a key. Ids are numbers of 19 digits, and as numbers they take a third of the memory and of the time to compare; an id that is
/// none is kept as text.
/// </summary>
internal readonly record struct JobKey
{
    private readonly ulong _number;
    private readonly string? _text;

    private JobKey(ulong number, string? text) => (_number, _text) = (number, text);

    public static JobKey Of(Job job) => Of(job.TaskId);

    // What else parses, such as leading zeros or trailing nulls, would make two ids one: that stays text, as does 0, whose key is the default value.
    public static JobKey Of(string taskId) =>
        taskId is [>= '1' and <= '9', ..]
        && !taskId.AsSpan().ContainsAnyExceptInRange('0', '9')
        && ulong.TryParse(taskId, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? new JobKey(number, null)
            : new JobKey(0, taskId);

    public override string ToString() => _text ?? _number.ToString(CultureInfo.InvariantCulture);
}
