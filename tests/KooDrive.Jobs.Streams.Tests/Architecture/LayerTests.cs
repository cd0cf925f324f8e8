using Microsoft.CodeAnalysis;

namespace KooDrive.Jobs.Streams.Tests.Architecture;

/// <summary>The layers of the library, as <c>src/README.md</c> describes them.</summary>
public class LayerTests
{
    /// <summary>
    /// Model &lt;- Errors &lt;- Http &lt;- Listing &lt;- Watching &lt;- Hosting, with Diagnostics beside them. A folder uses only the folders that its line
    /// names, which are all above it in this table.
    /// </summary>
    private static readonly (string Folder, string[] Uses)[] Layers =
    [
        ("Model", []),
        ("Errors", []),
        ("Diagnostics", ["Model", "Errors"]),

        ("Http", ["Errors"]),
        ("Http/Reading", ["Model", "Errors", "Http"]),
        ("Http/Client", ["Model", "Errors", "Diagnostics", "Http", "Http/Reading"]),

        ("Listing/Cursor", ["Model", "Errors"]),
        ("Listing", ["Model", "Errors", "Diagnostics", "Listing/Cursor"]),

        ("Watching/Events", ["Model", "Errors"]),
        ("Watching/Tracking", ["Model", "Watching/Events"]),
        ("Watching/Checkpoints", ["Model", "Errors", "Watching/Tracking"]),
        ("Watching/Delivery", ["Model", "Watching/Events"]),
        ("Watching/Polling", ["Model", "Errors", "Diagnostics", "Listing", "Listing/Cursor", "Watching/Events", "Watching/Tracking", "Watching/Delivery"]),
        ("Watching", ["Model", "Diagnostics", "Listing", "Watching/Events", "Watching/Tracking", "Watching/Checkpoints", "Watching/Delivery", "Watching/Polling"]),

        ("", ["Model", "Diagnostics", "Http", "Http/Client", "Listing", "Listing/Cursor", "Watching/Events", "Watching"]),
        ("Hosting", ["Model", "Errors", "Diagnostics", "Http", "Http/Client", "Watching/Events", "Watching/Checkpoints", "Watching", ""]),
    ];

    /// <summary>Files that use each other because they are parts of one component.</summary>
    private static readonly string[][] Partners =
    [
        ["Model/Job.cs", "Model/JobJson.cs", "Model/JobJsonConverter.cs"],
        [
            "Watching/Events/JobAdded.cs", "Watching/Events/JobChange.cs", "Watching/Events/JobChanged.cs", "Watching/Events/JobEvent.cs", "Watching/Events/JobEventJson.cs",
            "Watching/Events/JobEventJsonConverter.cs", "Watching/Events/JobListed.cs", "Watching/Events/JobVanished.cs", "Watching/Events/PollCompleted.cs",
            "Watching/Events/PollFailed.cs", "Watching/Events/WatchGap.cs", "Watching/Events/WatchSynced.cs",
        ],
        ["Http/JobsClientOptions.cs", "Http/JobsClientOptionsValidator.cs"],
        ["Listing/Cursor/JobListingOptions.cs", "Listing/Cursor/JobListingOptionsValidator.cs"],
        ["Watching/Events/JobWatchOptions.cs", "Watching/Events/JobWatchOptionsValidator.cs"],
        ["Watching/Tracking/SavedJob.cs", "Watching/Tracking/TrackedJob.cs"],
        ["Listing/Cursor/ResumePoint.cs", "Listing/Cursor/ResumePointFormat.cs"],
        ["Listing/JobListing.cs", "Listing/FakeJobListing.cs"],
        ["Watching/JobWatch.cs", "Watching/FakeJobWatch.cs"],
        ["Hosting/JobWatchBuilder.cs", "Hosting/JobWatchRegistration.cs"],
        ["Hosting/JobsClientOptionsValidation.cs", "Hosting/JobsClientRegistration.cs"],
    ];

    [Fact]
    public void Folders_use_only_the_layers_below_them()
    {
        ILookup<string, string> allowed = Layers.SelectMany(layer => layer.Uses.Select(used => (layer.Folder, used))).ToLookup(pair => pair.Folder, pair => pair.used);
        string[] violations = [.. SourceDependencies.Current.Value.Uses
            .Where(use => use.Folder != use.UsedFolder && !allowed[use.Folder].Contains(use.UsedFolder))
            .Select(use => $"{use.File} uses {use.Type} of {use.UsedFolder}")
            .Order(StringComparer.Ordinal)];

        Assert.Empty(violations);
    }

    [Fact]
    public void Layers_declare_only_existing_dependencies_on_lower_layers()
    {
        HashSet<(string, string)> uses = [.. SourceDependencies.Current.Value.Uses.Select(use => (use.Folder, use.UsedFolder))];
        Assert.All(Layers.Index(), layer => Assert.All(layer.Item.Uses, used =>
        {
            Assert.Contains((layer.Item.Folder, used), uses);
            Assert.Contains(used, Layers.Take(layer.Index).Select(above => above.Folder));
        }));
    }

    [Fact]
    public void Folders_have_no_cyclic_dependencies() =>
        Assert.Empty(SourceDependencies.FindCycles(SourceDependencies.Current.Value.Uses.Select(use => (use.Folder, use.UsedFolder))).Select(cycle => string.Join(", ", cycle)));

    [Fact]
    public void Files_have_no_cyclic_dependencies_except_partners()
    {
        string[] cycles = [.. SourceDependencies.FindCycles(SourceDependencies.Current.Value.Uses.Select(use => (use.File, use.UsedFile))).Select(cycle => string.Join(", ", cycle))];

        Assert.Equal(Partners.Select(partners => string.Join(", ", partners.Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal), cycles.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Internal_types_are_in_the_namespace_of_their_folder()
    {
        string[] misplaced = [.. SourceDependencies.Current.Value.Types
            .Where(type => type.DeclaredAccessibility is not Accessibility.Public)
            .Where(type => type.ContainingNamespace.ToDisplayString() != NamespaceOf(SourceDependencies.FolderOf(type)))
            .Select(type => $"{type.ToDisplayString()} in {SourceDependencies.FolderOf(type)}")];

        Assert.Empty(misplaced);
    }

    [Fact]
    public void Public_types_are_in_the_library_namespace_or_that_of_their_receiver()
    {
        string[] namespaces = [.. SourceDependencies.Current.Value.Types
            .Where(type => type.DeclaredAccessibility is Accessibility.Public)
            .Select(type => type.ContainingNamespace.ToDisplayString())
            .Distinct()
            .Order(StringComparer.Ordinal)];

        Assert.Equal(["KooDrive.Jobs.Streams", "Microsoft.Extensions.DependencyInjection"], namespaces);
    }

    private static string NamespaceOf(string folder) => folder.Length == 0 ? "KooDrive.Jobs.Streams" : $"KooDrive.Jobs.Streams.{folder.Replace('/', '.')}";
}
