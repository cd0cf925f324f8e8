using KooDrive.Jobs.Streams.Emulator.Model;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The number of jobs of each type in each status, to count the jobs that match a filter without reading them.</summary>
internal sealed class JobTally
{
    // One more row and one more column for undocumented types and statuses, which no filter matches.
    private const int Types = JobCodes.LastType + 1;
    private const int Statuses = JobCodes.LastStatus + 2;

    private readonly int[] _counts = new int[Types * Statuses];

    public int Total { get; private set; }

    public void Add(EmulatedJob job)
    {
        _counts[(Row(job) * Statuses) + Column(job)]++;
        Total++;
    }

    public void Remove(EmulatedJob job)
    {
        _counts[(Row(job) * Statuses) + Column(job)]--;
        Total--;
    }

    public int Count(JobFilter filter) => filter switch
    {
        (null, null) => Total,
        ({ } type, { } status) => _counts[(type * Statuses) + status],
        ({ } type, null) => Sum(type * Statuses, 1, Statuses),
        (null, { } status) => Sum(status, Statuses, Types),
    };

    private static int Row(EmulatedJob job) => job.TaskType is >= JobCodes.FirstType and <= JobCodes.LastType and int type ? type : 0;

    private static int Column(EmulatedJob job) =>
        job.Status is >= JobCodes.FirstStatus and <= JobCodes.LastStatus and int status ? status : Statuses - 1;

    private int Sum(int first, int step, int terms)
    {
        int sum = 0;
        for (int term = 0; term < terms; term++)
        {
            sum += _counts[first + (term * step)];
        }

        return sum;
    }
}
