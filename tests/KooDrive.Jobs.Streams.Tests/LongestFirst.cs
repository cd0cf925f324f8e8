using KooDrive.Jobs.Streams.Tests;
using KooDrive.Jobs.Streams.Tests.Cli.Dashboard;
using KooDrive.Jobs.Streams.Tests.Packages;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace KooDrive.Jobs.Streams.Tests;

/// <summary>Starts the two longest collections first, so that none of them runs alone at the end. The others have a random order.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [BrowserTests.Name, PackedTests.Name];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        IReadOnlyCollection<TTestCollection> others = DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections);
        return [.. others.OrderByDescending(collection => Longest.Contains(collection.TestCollectionDisplayName))];
    }
}
