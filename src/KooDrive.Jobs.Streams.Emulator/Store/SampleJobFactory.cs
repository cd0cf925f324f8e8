using System.Globalization;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>Draws jobs that look like those of a busy account.</summary>
internal sealed class SampleJobFactory(Random random)
{
    /// <summary>13000311 of the documents' table of errors: what a job that failed as a whole may have as its result code.</summary>
    public const int NoSpaceLeft = 13000311;

    private static readonly int?[][] ActionsOfType = [[], [101], [201, 201, 202], [301], [null], [501, 502, 503], [null], [701]];

    private static readonly string[] ContainerIds =
    [
        "IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
        "IAADfsBFCO6WtAtuB17c0a93de5840f2a6b1d29c4e8f7035",
        "IAADfsBFCO6WtAtuC6c15be20f97d4e38ba042d7f19536ea8",
    ];

    /// <summary>A job as it is created: to be processed, with no times and no id.</summary>
    public EmulatedJob Draw()
    {
        // Copying and deleting are what users do most.
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

    /// <summary>How a job ended, of all the documented ways: mostly well.</summary>
    public EmulatedJob End(EmulatedJob job, string time)
    {
        int chance = random.Next(20);
        return chance == 0
            ? job with { Status = JobCodes.Canceled, EndTime = time }
            : job with
            {
                Status = JobCodes.Completed,
                TaskResultCode = chance switch { 1 => JobCodes.AllFailed, 2 or 3 => JobCodes.PartiallyFailed, _ => JobCodes.AllSucceeded },
                ResultCode = chance == 1 ? NoSpaceLeft : null,
                BeginTime = time,
                EndTime = time,
                DownloadUrl = chance > 1 && job.TaskType == JobCodes.PackageDownload ? DownloadUrl(job.TaskId) : null,
            };
    }

    public static string DownloadUrl(string taskId) =>
        string.Create(CultureInfo.InvariantCulture, $"https://download.emulator.invalid/packages/{taskId}.zip");
}
