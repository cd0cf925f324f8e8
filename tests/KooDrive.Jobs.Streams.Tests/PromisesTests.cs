using System.Text.RegularExpressions;
using Xunit.v3;

namespace KooDrive.Jobs.Streams.Tests;

/// <summary>The table of promises in the README beside the tests.</summary>
public partial class PromisesTests
{
    [Fact]
    public void Every_test_that_the_table_of_promises_names_exists()
    {
        HashSet<string> tests =
        [
            .. typeof(PromisesTests).Assembly.GetTypes().SelectMany(type => type
                .GetMethods()
                .Where(method => method.GetCustomAttributes(inherit: true).Any(attribute => attribute is IFactAttribute))
                .Select(method => $"{type.Name}.{method.Name}")),
        ];
        string table = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tests-README.md"));
        List<string> named = [.. Named().Matches(table).Select(match => match.Groups[1].Value)];

        Assert.InRange(named.Count, 60, int.MaxValue);
        Assert.Empty(named.Where(name => !tests.Contains(name)));
        foreach (string promise in Enumerable.Range(1, 7).Select(i => $"L{i}").Concat(Enumerable.Range(1, 12).Select(i => $"W{i}")))
        {
            Assert.Contains($"| {promise} ", table, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("`([A-Za-z]+\\.[A-Za-z0-9_]+)`")]
    private static partial Regex Named();
}
