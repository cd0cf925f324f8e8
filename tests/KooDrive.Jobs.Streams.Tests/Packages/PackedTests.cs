namespace KooDrive.Jobs.Streams.Tests.Packages;

/// <summary>The tests that share the packed files. They run sequentially.</summary>
[CollectionDefinition(Name)]
public sealed class PackedTests : ICollectionFixture<PackedFiles>
{
    public const string Name = "Packages";
}
