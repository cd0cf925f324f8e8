using KooDrive.Jobs.Streams.Tests.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KooDrive.Jobs.Streams.Tests.Architecture;

/// <summary>The source files of the library and the types of other files that each file uses.</summary>
internal sealed class SourceDependencies
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "src", "KooDrive.Jobs.Streams");

    private SourceDependencies(IReadOnlyList<INamedTypeSymbol> types, IReadOnlyList<Use> uses) => (Types, Uses) = (types, uses);

    /// <summary>The dependencies of the checkout, computed once.</summary>
    public static Lazy<SourceDependencies> Current { get; } = new(Read);

    /// <summary>The types of the library, without nested ones.</summary>
    public IReadOnlyList<INamedTypeSymbol> Types { get; }

    /// <summary>Each use of a type in another file.</summary>
    public IReadOnlyList<Use> Uses { get; }

    /// <summary>The folder of a type, relative to the library, with slashes; empty for the library's own folder.</summary>
    public static string FolderOf(INamedTypeSymbol type) => FolderOf(FileOf(type));

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

    private static SourceDependencies Read()
    {
        string[] files = [.. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Folder, file).StartsWith("obj", StringComparison.Ordinal) && !Path.GetRelativePath(Folder, file).StartsWith("bin", StringComparison.Ordinal))];
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        List<SyntaxTree> trees = [.. files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), parsing, file))];
        SyntaxTree usings = CSharpSyntaxTree.ParseText(
            string.Concat(((string[])["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"]).Select(name => $"global using {name};")),
            parsing);
        var compilation = CSharpCompilation.Create(
            "Library",
            [.. trees, usings],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Where(path => Path.GetFileName(path) != "KooDrive.Jobs.Streams.dll")
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
                    uses.Add(new Use(Relative(tree.FilePath), Relative(file), used.Name));
                }
            }
        }

        return new SourceDependencies([.. types], [.. uses]);
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

    private static string Relative(string file) => Path.GetRelativePath(Folder, file).Replace('\\', '/');

    private static string FolderOf(string file) => Path.GetDirectoryName(Relative(file))!.Replace('\\', '/');

    /// <summary>The use of a type in another file; the files are relative to the library.</summary>
    internal sealed record Use(string File, string UsedFile, string Type)
    {
        public string Folder { get; } = Path.GetDirectoryName(File)!.Replace('\\', '/');

        public string UsedFolder { get; } = Path.GetDirectoryName(UsedFile)!.Replace('\\', '/');
    }
}
