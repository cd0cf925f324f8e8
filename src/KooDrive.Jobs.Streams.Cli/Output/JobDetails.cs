using System.Globalization;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>Every field of a job as text, each code with its name and its number.</summary>
internal static class JobDetails
{
    /// <param name="job">The job.</param>
    /// <param name="withAddress">Whether the download address is included. Anyone with the address can download the files.</param>
    /// <param name="zone">The time zone of the times.</param>
    public static IEnumerable<(string Name, string Value)> Of(Job job, bool withAddress, TimeZoneInfo zone) =>
    [
        ("Task id", job.TaskId),
        ("Name", job.TaskName ?? "-"),
        ("Type", Code(job.Type)),
        ("Action", Code(job.Action)),
        ("Status", Code(job.Status)),
        ("Result", Code(job.Result)),
        ("Result code", ResultCode(job)),
        ("Files", Number(job.ContentCount)),
        ("Progress", job.Progress is { } progress ? $"{Number(progress)} %" : "-"),
        ("Created", Time(job.CreateTime, zone)),
        ("Started", Time(job.BeginTime, zone)),
        ("Ended", Time(job.EndTime, zone)),
        ("Took", (job.EndTime - job.BeginTime)?.ToString("c", CultureInfo.InvariantCulture) ?? "-"),
        ("User", job.UserId ?? "-"),
        ("Tenant", job.TenantId ?? "-"),
        ("Container", job.ContainerId ?? "-"),
        ("Download", job.DownloadUrl is not { } address ? "-" : withAddress ? address : "available; repeat the command with --download-url"),
    ];

    private static string Code<T>(T? value)
        where T : struct, Enum
    {
        string name = EnumNames<T>.Format(value);
        return value is { } known && Enum.IsDefined(known) ? $"{name} ({known:D})" : name;
    }

    private static string ResultCode(Job job) => job.ResultCodeText is not { } code ? "-"
        : ResultCodes.Explain(job.ResultCode) is { } explanation ? $"{code} ({explanation})"
        : code;

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Time(DateTimeOffset? time, TimeZoneInfo zone) => time is { } known ? LocalTime.DateAndTime(known, zone) : "-";
}
