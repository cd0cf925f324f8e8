using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Tests.Packages;

namespace KooDrive.Jobs.Streams.Tests.Architecture;

/// <summary>The words of code and documentation: words that the vocabulary of the project replaces and that have no other use.</summary>
public sealed partial class VocabularyTests
{
    private static readonly string[] Extensions = [".cs", ".md", ".svelte", ".js", ".html"];
    private static readonly string[] Roots = ["src", "tests", "benchmarks", ".github", "README.md"];
    private static readonly string[] GeneratedFolders = ["bin", "obj", "node_modules", "TestResults"];

    [Fact]
    public void Sources_contain_no_replaced_words()
    {
        string[] files = [.. Roots.Select(root => Path.Combine(SourceTree.Root, root)).SelectMany(FindFiles).Order(StringComparer.Ordinal)];

        Assert.InRange(files.Length, 100, int.MaxValue);
        Assert.Empty(files.SelectMany(FindUses));
    }

    [Theory]
    [InlineData("It is told once.", true)]
    [InlineData("Begins Anew", true)]
    [InlineData("toldEvents", true)]
    [InlineData("EventsTold", true)]
    [InlineData("Read_begins_afresh", true)]
    [InlineData("MendAsync", true)]
    [InlineData("recommended amendment", false)]
    [InlineData("Toldo", false)]
    public void Replaced_words_are_found_as_words_and_as_parts_of_identifiers(string text, bool isFound) =>
        Assert.Equal(isFound, ReplacedWord().IsMatch(text));

    private static IEnumerable<string> FindFiles(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path)
                .Where(file => Extensions.Contains(Path.GetExtension(file)) && Path.GetFileName(file) != $"{nameof(VocabularyTests)}.cs")
                .Concat(Directory.EnumerateDirectories(path).Where(folder => !GeneratedFolders.Contains(Path.GetFileName(folder))).SelectMany(FindFiles))
            : [];
    }

    private static IEnumerable<string> FindUses(string file) => File.ReadLines(file)
        .Select((text, index) => (Text: text, Number: index + 1))
        .Where(line => ReplacedWord().IsMatch(line.Text))
        .Select(line => $"{Path.GetRelativePath(SourceTree.Root, file)}:{line.Number}: {line.Text.Trim()}");

    // A whole word in any case, or a part of an identifier that starts with a capital letter.
    [GeneratedRegex("(?<![A-Za-z])(?i:anew|afresh|whoever|mend|told)(?![a-z])|(?:Anew|Afresh|Whoever|Mend|Told)(?![a-z])")]
    private static partial Regex ReplacedWord();
}
