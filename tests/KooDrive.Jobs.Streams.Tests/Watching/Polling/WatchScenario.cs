using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>
/// A random server and a watch of it. <see cref="Script"/> has an entry for each request and for the start of each poll: the seed of the
/// changes at that time. After the end of the script, nothing changes.
/// </summary>
internal sealed record WatchScenario(
    int PageSize, int MinTopLimit, int MaxLimit, int Initial, bool HasTypeFilter, Trouble Trouble, int MaxTies, bool ListsNewBelowSameSecond, int Retained, int MaxUnfinishedJobs, int PollsPerFullScan, int MaxRequests, int Margin, int Liveliness, int[] Script)
{
    public PollingOptions Options => new()
    {
        Type = HasTypeFilter ? JobType.BatchReplication : null,
        PageSize = Math.Max(4, PageSize),
        MinTopLimit = MinTopLimit,
        MaxRequestsPerPoll = MaxRequests,
        PollsPerFullScan = PollsPerFullScan,
        MaxRetainedFinishedJobs = Retained,
        MaxUnfinishedJobs = MaxUnfinishedJobs,
        // A replica that lags by more than the margin lists jobs too late.
        LateMargin = TimeSpan.FromSeconds(Trouble is Trouble.Lag ? 60 : Margin),
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"new({PageSize}, {MinTopLimit}, {MaxLimit}, {Initial}, {HasTypeFilter}, Trouble.{Trouble}, {MaxTies}, {ListsNewBelowSameSecond}, {Retained}, {MaxUnfinishedJobs}, {PollsPerFullScan}, {MaxRequests}, {Margin}, {Liveliness}, [{string.Join(", ", Script)}])");
}

/// <summary>The difficulty of a server.</summary>
internal enum Trouble
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Jobs of the same second are listed in another order for each request.</summary>
    Ties,

    /// <summary>Occasionally, a job becomes visible some seconds late; in addition to <see cref="Ties"/>.</summary>
    Late,

    /// <summary>Ids of deleted jobs are reused for new jobs.</summary>
    ReusedIds,

    /// <summary>The clock is occasionally set back, and the list is in order of insertion.</summary>
    StepsBack,

    /// <summary>No job has a creation time.</summary>
    NoTimes,

    /// <summary>Some jobs have no creation time.</summary>
    SomeTimes,

    /// <summary>Some responses come from a lagging replica.</summary>
    Lag,
}

internal static class WatchScenarios
{
    private static readonly Gen<WatchScenario> All =
        from pageSize in Gen.Choose(2, 12)
        from minTopLimit in Gen.Choose(2, 12)
        from maxLimit in Gen.Frequency((4, Gen.Constant(100)), (1, Gen.Choose(2, 6)))
        from initial in Gen.Choose(0, 50)
        from hasTypeFilter in Gen.Elements(false, true)
        from trouble in Gen.Elements(Enum.GetValues<Trouble>())
        from maxTies in Gen.Elements(1, 2, 5, 20)
        from below in Gen.Elements(false, trouble is not (Trouble.NoTimes or Trouble.SomeTimes or Trouble.StepsBack))
        from retained in Gen.Elements(0, 3, 20)
        from maxUnfinished in Gen.Frequency((5, Gen.Constant(10_000)), (1, Gen.Choose(3, 15)))
        from reconcileEvery in Gen.Choose(2, 12)
        from maxRequests in Gen.Frequency((3, Gen.Constant(60)), (1, Gen.Choose(1, 10)))
        from margin in Gen.Elements(2, 5, 60)
        from liveliness in Gen.Choose(1, 4)
        from length in Gen.Choose(5, 120)
        from script in Gen.Choose(0, int.MaxValue).ArrayOf(length)
        select new WatchScenario(trouble is Trouble.StepsBack ? pageSize + 8 : pageSize, minTopLimit, NeedsWholeLimit(trouble) ? 100 : maxLimit, initial, hasTypeFilter, trouble, maxTies, below, retained, maxUnfinished, reconcileEvery, maxRequests, margin, liveliness, script);

    /// <summary>Returns scenarios, the same for each run.</summary>
    public static IEnumerable<WatchScenario> Sample(int count) => All.Sample(count, new Rnd(20260101, 3), count);

    /// <summary>Returns the scenarios with one difficulty.</summary>
    public static IEnumerable<WatchScenario> Sample(int count, Trouble trouble) => Sample(count).Select(scenario => scenario with
    {
        Trouble = trouble,
        PageSize = trouble is Trouble.StepsBack ? Math.Max(scenario.PageSize, 10) : scenario.PageSize,
        MaxLimit = NeedsWholeLimit(trouble) ? 100 : scenario.MaxLimit,
    });

    public static Arbitrary<WatchScenario> Arbitrary() => Arb.From(All, Shrink);

    // Groups of ties in another order for each request must fit into a page of the server, less two.
    private static bool NeedsWholeLimit(Trouble trouble) => trouble is Trouble.StepsBack or Trouble.Ties or Trouble.Late;

    private static IEnumerable<WatchScenario> Shrink(WatchScenario scenario)
    {
        int[] script = scenario.Script;
        for (int length = script.Length / 2; length >= 1; length /= 2)
        {
            for (int start = 0; start + length <= script.Length; start += length)
            {
                yield return scenario with { Script = [.. script[..start], .. script[(start + length)..]] };
            }
        }

        if (scenario.Initial > 0)
        {
            yield return scenario with { Initial = scenario.Initial / 2 };
            yield return scenario with { Initial = scenario.Initial - 1 };
        }

        if (scenario.HasTypeFilter)
        {
            yield return scenario with { HasTypeFilter = false };
        }

        if (scenario.Liveliness > 1)
        {
            yield return scenario with { Liveliness = scenario.Liveliness - 1 };
        }
    }
}
