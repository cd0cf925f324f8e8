using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace KooDrive.Jobs.Streams.Tests.Readme;

/// <summary>One example of the README as a program. Its text is compiled without changes.</summary>
internal static class ReadmeExample
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);

    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => MetadataReference.CreateFromFile(path))]);

    /// <summary>Compiles an example and loads it.</summary>
    /// <param name="text">The example.</param>
    /// <param name="line">The line of the README at which the example starts, for compiler messages.</param>
    /// <returns>The program. Its parameter is the command line.</returns>
    public static Func<string[], Task> Compile(string text, int line)
    {
        string source = string.Create(CultureInfo.InvariantCulture, $"#line {line} \"README.md\"\n{text}");
        SyntaxTree example = CSharpSyntaxTree.ParseText(source, Parsing, "README.md");
        List<SyntaxTree> trees = [CSharpSyntaxTree.ParseText(ReadmeScene.ImplicitUsings, Parsing, "ImplicitUsings.cs"), example];
        if (!example.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any())
        {
            // The example contains only types and no statements to run.
            trees.Add(CSharpSyntaxTree.ParseText("return;", Parsing, "Nothing.cs"));
        }

        var compilation = CSharpCompilation.Create(
            string.Create(CultureInfo.InvariantCulture, $"ReadmeLine{line}"),
            trees,
            References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

        using var assembly = new MemoryStream();
        EmitResult result = compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        string[] diagnostics = [.. result.Diagnostics
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !IsOfTheSurroundings(diagnostic))
            .Select(diagnostic => diagnostic.ToString())];
        Assert.True(diagnostics.Length == 0, string.Join(Environment.NewLine, diagnostics));

        assembly.Position = 0;
        MethodInfo main = new AssemblyLoadContext(compilation.AssemblyName).LoadFromStream(assembly).EntryPoint!;
        MethodInfo program = main.DeclaringType!.GetMethod("<Main>$", BindingFlags.Static | BindingFlags.NonPublic)!;
        return arguments => program.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null) as Task ?? Task.CompletedTask;
    }

    // CS1701 and CS1702: assemblies reference several versions of others, as in any application.
    private static bool IsOfTheSurroundings(Diagnostic diagnostic) => diagnostic.Id is "CS1701" or "CS1702";
}
