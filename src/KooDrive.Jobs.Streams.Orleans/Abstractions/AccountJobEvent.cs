using System.Globalization;

namespace KooDrive.Jobs.Streams;

/// <summary>An event of an account's watch. Immutable and thread-safe.</summary>
public sealed record AccountJobEvent
{
    /// <summary>Creates an event.</summary>
    /// <param name="account">The account.</param>
    /// <param name="jobEvent">The event of its watch.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public AccountJobEvent(JobAccount account, JobEvent jobEvent)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(jobEvent);
        Account = account;
        Event = jobEvent;
    }

    /// <summary>The account.</summary>
    public JobAccount Account { get; }

    /// <summary>The event.</summary>
    public JobEvent Event { get; }

    /// <summary>
    /// The account, task id, status and result, separated by '|'; null for an event without a job. Equal for repeated deliveries of a state, including its
    /// delivery in an initial snapshot. The status of a vanished job is <c>vanished</c>, and absent values are empty.
    /// </summary>
    /// <remarks>A job that regresses and finishes again with the same result repeats the keys of its earlier states.</remarks>
    public string? Key => Event switch
    {
        JobVanished vanished => $"{Account}|{vanished.Job.TaskId}|vanished|{Number((int?)vanished.Job.Result)}",
        JobChange change => KeyOf(change.Job),
        JobListed listed => KeyOf(listed.Job),
        _ => null,
    };

    private string KeyOf(Job job) => $"{Account}|{job.TaskId}|{Number((int?)job.Status)}|{Number((int?)job.Result)}";

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
