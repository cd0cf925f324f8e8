using FsCheck;
using FsCheck.Fluent;

namespace KooDrive.Jobs.Streams.Tests.Stories;

/// <summary>A server with faults, and a client that lists and watches. The seed determines the order of events.</summary>
/// <param name="Seed">The seed of all random choices of the story.</param>
/// <param name="Initial">The number of jobs at the start.</param>
/// <param name="LimitCap">The maximum limit of the server; null for the documented maximum.</param>
/// <param name="PageSize">The page size of the listings.</param>
/// <param name="PagesInFlight">The pages in flight of the listings.</param>
/// <param name="Liveliness">The maximum number of changes of the list before a response.</param>
/// <param name="Changes">The number of changes after which the list stays unchanged.</param>
/// <param name="FaultsPerHundred">The number of faults per hundred responses.</param>
/// <param name="StopsPerHundred">The number of stops per hundred pages and events, at which a listing stops and resumes, or the watching process dies.</param>
/// <param name="Polls">The number of polls while the list changes.</param>
/// <param name="TieSize">The largest number of jobs that are created in the same second.</param>
/// <param name="ShuffleTies">Whether the server lists jobs of the same second in a different order for each request.</param>
/// <param name="Watch">How the watch polls.</param>
internal sealed record ClientStory(
    int Seed, int Initial, int? LimitCap, int PageSize, int PagesInFlight, int Liveliness, int Changes, int FaultsPerHundred, int StopsPerHundred, int Polls, int TieSize, bool ShuffleTies, StoryWatch Watch)
{
    public static Arbitrary<ClientStory> Arbitrary() => Stories.ToArbitrary();

    /// <summary>Returns stories, the same for each run.</summary>
    public static IEnumerable<ClientStory> Sample(int count) => Stories.Sample(count, new Rnd(20260101, 7), count);

    private static Gen<ClientStory> Stories =>
        from seed in Gen.Choose(0, int.MaxValue)
        from initial in Gen.Choose(0, 30)
        from cap in Gen.Elements<int?>(null, null, 2, 3, 5, 8)
        from pageSize in Gen.Choose(2, 10)
        from inFlight in Gen.Choose(1, 8)
        from liveliness in Gen.Choose(0, 3)
        from changes in Gen.Choose(0, 80)
        from faults in Gen.Elements(0, 5, 15)
        from stops in Gen.Elements(0, 3, 10)
        from polls in Gen.Choose(1, 8)
        from shuffleTies in Gen.Elements(false, false, true)
        from tieSize in shuffleTies ? ShuffledTies(pageSize, cap) : Gen.Elements(1, 3, 20, 1_000)
        from type in Gen.Elements<JobType?>(null, null, JobType.BatchDeletion)
        from reconcileEvery in Gen.Choose(2, 6)
        from retained in Gen.Elements(0, 3, 1_000)
        from maxRequests in Gen.Elements(2, 8, 60)
        select new ClientStory(
            seed, initial, cap, pageSize, inFlight, liveliness, changes, faults, stops, polls, tieSize, shuffleTies, new StoryWatch(type, reconcileEvery, retained, maxRequests));

    // Most groups fit into a page, less two, and must be read exactly once. A listing may give up on larger ones; the watch, whose pages are
    // larger, may not.
    private static Gen<int> ShuffledTies(int pageSize, int? cap)
    {
        Gen<int> fitting = Gen.Choose(1, Math.Max(1, Math.Min(pageSize, cap ?? pageSize) - 2));
        return cap is null ? Gen.Frequency((4, fitting), (1, Gen.Choose(1, 20))) : fitting;
    }
}

internal sealed record StoryWatch(JobType? Type, int PollsPerFullScan, int MaxRetainedFinishedJobs, int MaxRequestsPerPoll);
