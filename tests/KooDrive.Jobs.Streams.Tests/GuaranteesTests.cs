using System.Reflection;
using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Tests.Readme;
using Xunit.v3;

namespace KooDrive.Jobs.Streams.Tests;

/// <summary>The table of guarantees in the README beside the tests.</summary>
public partial class GuaranteesTests
{
    [Fact]
    public void Guarantees_name_only_tests_that_exist()
    {
        HashSet<string> tests =
        [
            .. typeof(GuaranteesTests).Assembly.GetTypes().SelectMany(type => type
                .GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .Where(method => method.GetCustomAttributes(inherit: true).Any(attribute => attribute is IFactAttribute))
                .Select(method => $"{type.Name}.{method.Name}")),
        ];
        string table = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tests-README.md"));
        List<string> named = [.. Named().Matches(table).Select(match => match.Groups[1].Value)];

        Assert.InRange(named.Count, 60, int.MaxValue);
        Assert.Empty(named.Where(name => !tests.Contains(name)));
        foreach (string guarantee in Enumerable.Range(1, 9).Select(i => $"L{i}").Concat(Enumerable.Range(1, 12).Select(i => $"W{i}")))
        {
            Assert.Contains($"| {guarantee} ", table, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Spans_and_instruments_are_listed_in_the_guarantees_and_the_README()
    {
        string table = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tests-README.md"));
        string[] names =
        [
            .. new[] { typeof(SpanNames), typeof(InstrumentNames) }
                .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
                .Select(field => $"| `{field.GetRawConstantValue()}`"),
        ];

        Assert.NotEmpty(names);
        Assert.Empty(names.Where(name => !table.Contains(name, StringComparison.Ordinal)));
        Assert.Empty(names.Where(name => !ReadmeText.Content.Contains(name, StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([A-Za-z]+\\.[A-Za-z0-9_]+)`")]
    private static partial Regex Named();
}
