using System.Globalization;
using KooDrive.Jobs.Streams.Emulator.Model;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>Generates random jobs that are similar to those of a busy account.</summary>
internal sealed class SampleJobFactory(Random random)
{
    /// <summary>13000311 in the documented table of errors, used as the result code of jobs that fail completely.</summary>
    public const int NoSpaceLeft = 13000311;

    private static readonly int?[][] ActionsOfType = [[], [101], [201, 201, 202], [301], [null], [501, 502, 503], [null], [701]];

    private static readonly string[] ContainerIds =
    [
        "IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
        "IAADfsBFCO6WtAtuB17c0a93de5840f2a6b1d29c4e8f7035",
        "IAADfsBFCO6WtAtuC6c15be20f97d4e38ba042d7f19536ea8",
    ];

    /// <summary>Returns a new pending job without times and without an id.</summary>
    public EmulatedJob Draw()
    {
        // Copies and deletions are the most frequent jobs.
        int type = random.Next(10) switch { < 3 => 1, < 6 => 2, 6 => 3, 7 => 4, 8 => random.Next(5, 7), _ => random.Next(2) == 0 ? 7 : 3 };
        int?[] actions = ActionsOfType[type];
        return new EmulatedJob
        {
            TaskType = type,
            ActionType = actions[random.Next(actions.Length)],
            Status = JobCodes.Pending,
            ContentNum = 1 + (int)(Math.Pow(random.NextDouble(), 4) * 500),
            ContainerId = type is 1 or 2 or 3 ? ContainerIds[random.Next(ContainerIds.Length)] : null,
        };
    }

    /// <summary>Returns the finished job with a random documented outcome, usually success.</summary>
    public EmulatedJob End(EmulatedJob job, string begun, string ended)
    {
        int chance = random.Next(20);
        return chance == 0
            ? job with { Status = JobCodes.Canceled, EndTime = ended }
            : job with
            {
                Status = JobCodes.Completed,
                TaskResultCode = chance switch { 1 => JobCodes.AllFailed, 2 or 3 => JobCodes.PartiallyFailed, _ => JobCodes.AllSucceeded },
                ResultCode = chance == 1 ? NoSpaceLeft : null,
                BeginTime = begun,
                EndTime = ended,
                DownloadUrl = chance > 1 && job.TaskType == JobCodes.PackageDownload ? DownloadUrl(job.TaskId) : null,
            };
    }

    public static string DownloadUrl(string taskId) =>
        string.Create(CultureInfo.InvariantCulture, $"https://download.emulator.invalid/packages/{taskId}.zip");
}
