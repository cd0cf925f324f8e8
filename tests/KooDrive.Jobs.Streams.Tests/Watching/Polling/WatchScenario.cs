using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace KooDrive.Jobs.Streams.Tests.Watching.Polling;

/// <summary>
/// A random server and a watch on it. <see cref="Script"/> has an entry for each request and for each poll's beginning: a seed for what
/// happens then. Behind its end all is quiet.
/// </summary>
internal sealed record WatchScenario(
    int PageSize, int MaxLimit, int Initial, bool HasTypeFilter, bool TellsTimes, bool ListsNewBelowSameSecond, int Retained, int ReconcileEvery, int MaxRequests, int FrontierSize, int Liveliness, int[] Script)
{
    public PollingOptions Options => new()
    {
        Type = HasTypeFilter ? JobType.BatchReplication : null,
        PageSize = PageSize,
        MaxRequestsPerPoll = MaxRequests,
        ReconcileEvery = ReconcileEvery,
        RetainedFinished = Retained,
        FrontierSize = FrontierSize,
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"new({PageSize}, {MaxLimit}, {Initial}, {HasTypeFilter}, {TellsTimes}, {ListsNewBelowSameSecond}, {Retained}, {ReconcileEvery}, {MaxRequests}, {FrontierSize}, {Liveliness}, [{string.Join(", ", Script)}])");
}

internal static class WatchScenarios
{
    private static readonly Gen<WatchScenario> All =
        from pageSize in Gen.Choose(2, 12)
        from maxLimit in Gen.Frequency((4, Gen.Constant(100)), (1, Gen.Choose(2, 6)))
        from initial in Gen.Choose(0, 50)
        from hasTypeFilter in Gen.Elements(false, true)
        from tellsTimes in Gen.Elements(false, true, true)
        from below in Gen.Elements(false, tellsTimes)
        from retained in Gen.Elements(0, 3, 20)
        from reconcileEvery in Gen.Choose(2, 12)
        from maxRequests in Gen.Frequency((3, Gen.Constant(60)), (1, Gen.Choose(1, 10)))
        from frontierSize in Gen.Choose(8, 20)
        from liveliness in Gen.Choose(1, 4)
        from length in Gen.Choose(5, 120)
        from script in Gen.Choose(0, int.MaxValue).ArrayOf(length)
        select new WatchScenario(pageSize, maxLimit, initial, hasTypeFilter, tellsTimes, below, retained, reconcileEvery, maxRequests, frontierSize, liveliness, script);

    /// <summary>Some scenarios, the same each time.</summary>
    public static IEnumerable<WatchScenario> Sample(int count) => All.Sample(count, new Rnd(20260101, 3), count);

    public static Arbitrary<WatchScenario> Arbitrary() => Arb.From(All, Shrink);

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
