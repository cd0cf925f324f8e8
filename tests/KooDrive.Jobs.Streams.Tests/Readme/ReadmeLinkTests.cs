using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Tests.Packages;

namespace KooDrive.Jobs.Streams.Tests.Readme;

public sealed partial class ReadmeLinkTests
{
    [Fact]
    public void Readme_links_to_existing_files()
    {
        string[] targets = [.. Target().Matches(ReadmeText.Content).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(SourceTree.Root, target)), target));
    }

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)")]
    private static partial Regex Target();
}
