using System.Collections.Concurrent;
using KooDrive.Jobs.Streams.Tests.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KooDrive.Jobs.Streams.Tests.Architecture;

/// <summary>The source files of a project and the types of other files that each file uses.</summary>
internal sealed class SourceDependencies
{
    private static readonly ConcurrentDictionary<string, Lazy<SourceDependencies>> Projects = new(StringComparer.Ordinal);

    // The implicit directives of the projects.
    private static readonly string[] GlobalUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        "Orleans", "Orleans.Hosting", "Orleans.Runtime",
    ];

    private readonly string _folder;

    private SourceDependencies(string folder, IReadOnlyList<INamedTypeSymbol> types, IReadOnlyList<Use> uses) => (_folder, Types, Uses) = (folder, types, uses);

    /// <summary>The types of the project, without nested ones.</summary>
    public IReadOnlyList<INamedTypeSymbol> Types { get; }

    /// <summary>Each use of a type in another file.</summary>
    public IReadOnlyList<Use> Uses { get; }

    /// <summary>Returns the dependencies of a project of the checkout, which are computed once.</summary>
    public static SourceDependencies Of(string project) => Projects.GetOrAdd(project, name => new Lazy<SourceDependencies>(() => Read(name))).Value;

    /// <summary>The folder of a type, relative to the project, with slashes; empty for the project's own folder.</summary>
    public string FolderOf(INamedTypeSymbol type) => Path.GetDirectoryName(Relative(_folder, FileOf(type)))!.Replace('\\', '/');

    /// <summary>Returns the groups of nodes of a graph with cyclic dependencies.</summary>
    public static IEnumerable<string[]> FindCycles(IEnumerable<(string From, string To)> edges)
    {
        ILookup<string, string> next = edges.Where(edge => edge.From != edge.To).Distinct().ToLookup(edge => edge.From, edge => edge.To);
        var reachable = next.ToDictionary(group => group.Key, group => Reach(group.Key, next));
        return reachable.Keys
            .Where(node => reachable[node].Contains(node))
            .GroupBy(node => string.Join(", ", reachable[node].Where(other => reachable.TryGetValue(other, out HashSet<string>? back) && back.Contains(node)).Order(StringComparer.Ordinal)))
            .Select(group => group.Order(StringComparer.Ordinal).ToArray());
    }

    private static HashSet<string> Reach(string start, ILookup<string, string> next)
    {
        HashSet<string> seen = [];
        Queue<string> open = new(next[start]);
        while (open.TryDequeue(out string? node))
        {
            if (seen.Add(node))
            {
                foreach (string further in next[node])
                {
                    open.Enqueue(further);
                }
            }
        }

        return seen;
    }

    private static SourceDependencies Read(string project)
    {
        string folder = Path.Combine(SourceTree.Root, "src", project);
        string[] files = [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => Relative(folder, file).Split('/')[0] is not ("bin" or "obj"))];
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        List<SyntaxTree> trees = [.. files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), parsing, file))];
        SyntaxTree usings = CSharpSyntaxTree.ParseText(string.Concat(GlobalUsings.Select(name => $"global using {name};")), parsing);
        var compilation = CSharpCompilation.Create(
            project,
            [.. trees, usings],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Where(path => Path.GetFileNameWithoutExtension(path) != AssemblyOf(project))
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

        HashSet<INamedTypeSymbol> types = new(SymbolEqualityComparer.Default);
        HashSet<Use> uses = [];
        foreach (SyntaxTree tree in trees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
            {
                if (node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && model.GetDeclaredSymbol(node) is INamedTypeSymbol { ContainingType: null } declared)
                {
                    types.Add(declared);
                }

                if (node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax
                    && model.GetSymbolInfo(node).Symbol is { } symbol && Outermost(symbol) is { } used && FileOf(used) is { Length: > 0 } file && file != tree.FilePath)
                {
                    uses.Add(new Use(Relative(folder, tree.FilePath), Relative(folder, file), used.Name));
                }
            }
        }

        return new SourceDependencies(folder, [.. types], [.. uses]);
    }

    private static INamedTypeSymbol? Outermost(ISymbol symbol)
    {
        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        while (type?.ContainingType is { } containing)
        {
            type = containing;
        }

        return type?.OriginalDefinition;
    }

    private static string FileOf(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath ?? "";

    private static string Relative(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');

    private static string AssemblyOf(string project) => project == Layering.Command.Project ? "koojobs" : project;

    /// <summary>The use of a type in another file; the files are relative to the project.</summary>
    internal sealed record Use(string File, string UsedFile, string Type)
    {
        public string Folder { get; } = Path.GetDirectoryName(File)!.Replace('\\', '/');

        public string UsedFolder { get; } = Path.GetDirectoryName(UsedFile)!.Replace('\\', '/');
    }
}
