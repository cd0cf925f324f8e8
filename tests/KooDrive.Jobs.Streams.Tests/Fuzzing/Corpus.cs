using System.Text;
using KooDrive.Jobs.Streams.Listing.Cursor;
using KooDrive.Jobs.Streams.Tests.Http.Reading;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Fuzzing;

/// <summary>The initial inputs of the fuzzer: documented responses, generated responses, and responses of gateways.</summary>
internal static class Corpus
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 8, 0, 1, TimeSpan.Zero);

    public static IReadOnlyList<byte[]> Pages { get; } =
    [
        .. Texts(
            Http.Reading.Pages.Documented,
            Http.Reading.Pages.Full,
            """{"code":0,"msg":"OK","data":[]}""",
            """{"code":"0","data":null}""",
            """{"code":13000311,"msg":"no space left","data":[]}"""),
        .. Enumerable.Range(0, 60).Select(seed => new GeneratedPages(seed).Whole()),
    ];

    public static IReadOnlyList<byte[]> Errors { get; } =
    [
        .. Texts(
            """{"code":"KooDrive.0401","msg":"the token has expired"}""",
            """{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information","request_id":"r"}""",
            "<html><body>502 Bad Gateway</body></html>",
            ""),
    ];

    public static ResumePoint ResumePoint { get; } =
        new()
        {
            Query = new JobQuery { Type = JobType.BatchDeletion, Status = JobStatus.Pending },
            Offset = 12_345,
            HasStarted = true,
            HasEvicted = true,
            Time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks,
            TaskIds = ["1320279189273965056", "1320279092268104960", "no-number", "任务"],
            Unordered = ["1320279092268104961"],
        };

    public static TrackerState Checkpoint { get; } = new()
    {
        Type = JobType.BatchDeletion,
        Unfinished =
        [
            new SavedJob("1320279189273965056", JobStatus.Processing, null, Time, 7),
            new SavedJob("no number", null, null, null, 90) { Regressed = new JobState(JobStatus.Pending, null) },
        ],
        Finished = [new SavedJob("1320279092268104960", JobStatus.Completed, JobResult.AllFailed, Time)],
        Evicted = [new SavedJob("1320279092268104961", JobStatus.Pending, null, Time, 200)],
        Recent = [new RecentJob("1320279189273965057", Time), new RecentJob("ü\"\n", null)],
        NewestTime = Time,
        SettledTime = Time,
        Floor = Time,
        Disorder = 1.5m,
        IsUnsorted = true,
        IsWhole = true,
    };

    private static IEnumerable<byte[]> Texts(params string[] texts) => texts.Select(Encoding.UTF8.GetBytes);
}
