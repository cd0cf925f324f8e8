using Microsoft.CodeAnalysis;

namespace KooDrive.Jobs.Streams.Tests.Architecture;

/// <summary>The layers of each project, as <c>src/README.md</c> describes them.</summary>
public class LayerTests
{
    public static TheoryData<string> Projects { get; } = [.. Layerings.Keys];

    private static Dictionary<string, Layering> Layerings =>
        ((Layering[])[Layering.Library, Layering.Orleans, Layering.Emulator, Layering.Command]).ToDictionary(layering => layering.Project);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_use_only_the_layers_below_them(string project)
    {
        ILookup<string, string> allowed = Layerings[project].Layers
            .SelectMany(layer => layer.Uses.Select(used => (layer.Folder, used)))
            .ToLookup(pair => pair.Folder, pair => pair.used);
        string[] violations = [.. SourceDependencies.Of(project).Uses
            .Where(use => use.Folder != use.UsedFolder && !allowed[use.Folder].Contains(use.UsedFolder))
            .Select(use => $"{use.File} uses {use.Type} of {use.UsedFolder}")
            .Order(StringComparer.Ordinal)];

        Assert.Empty(violations);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Layers_declare_only_existing_dependencies_on_lower_layers(string project)
    {
        (string Folder, string[] Uses)[] layers = Layerings[project].Layers;
        HashSet<(string, string)> uses = [.. SourceDependencies.Of(project).Uses.Select(use => (use.Folder, use.UsedFolder))];
        Assert.All(layers.Index(), layer => Assert.All(layer.Item.Uses, used =>
        {
            Assert.Contains((layer.Item.Folder, used), uses);
            Assert.Contains(used, layers.Take(layer.Index).Select(above => above.Folder));
        }));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_have_no_cyclic_dependencies(string project) => Assert.Empty(
        SourceDependencies.FindCycles(SourceDependencies.Of(project).Uses.Select(use => (use.Folder, use.UsedFolder))).Select(cycle => string.Join(", ", cycle)));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Files_have_no_cyclic_dependencies_except_partners(string project)
    {
        string[] cycles = [.. SourceDependencies.FindCycles(SourceDependencies.Of(project).Uses.Select(use => (use.File, use.UsedFile))).Select(cycle => string.Join(", ", cycle))];

        Assert.Equal(
            Layerings[project].Partners.Select(partners => string.Join(", ", partners.Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal),
            cycles.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Internal_types_are_in_the_namespace_of_their_folder(string project)
    {
        var sources = SourceDependencies.Of(project);
        string[] misplaced = [.. sources.Types
            .Where(type => type.DeclaredAccessibility is not Accessibility.Public)
            .Where(type => type.ContainingNamespace.ToDisplayString() != NamespaceOf(project, sources.FolderOf(type)))
            .Select(type => $"{type.ToDisplayString()} in {sources.FolderOf(type)}")];

        Assert.Empty(misplaced);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Public_types_are_in_the_library_namespace_or_that_of_their_receiver(string project)
    {
        string[] namespaces = [.. SourceDependencies.Of(project).Types
            .Where(type => type.DeclaredAccessibility is Accessibility.Public)
            .Select(type => type.ContainingNamespace.ToDisplayString())
            .Distinct()
            .Order(StringComparer.Ordinal)];

        Assert.Equal(Layerings[project].PublicNamespaces, namespaces);
    }

    // The package of the cluster uses the namespace of the library, so that an application needs one directive.
    private static string NamespaceOf(string project, string folder)
    {
        string root = project == Layering.Orleans.Project ? Layering.Library.Project : project;
        return folder.Length == 0 ? root : $"{root}.{folder.Replace('/', '.')}";
    }
}
