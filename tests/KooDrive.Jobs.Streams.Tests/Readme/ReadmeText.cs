using System.Text.RegularExpressions;

namespace KooDrive.Jobs.Streams.Tests.Readme;

/// <summary>The README in the root folder and its parts.</summary>
internal static partial class ReadmeText
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "README.md");

    public static string Content { get; } = File.ReadAllText(Path);

    /// <summary>Returns the fenced blocks of a language with the line of the file at which their text starts.</summary>
    public static IReadOnlyDictionary<int, string> Blocks(string language) => BlocksOf(Content, language);

    /// <summary>Returns the fenced blocks of a language in another text, such as the README of a package.</summary>
    public static IReadOnlyDictionary<int, string> BlocksOf(string text, string language) => Fence().Matches(text)
        .Where(match => match.Groups["language"].Value == language)
        .ToDictionary(match => text.AsSpan(0, match.Groups["text"].Index).Count('\n') + 1, match => match.Groups["text"].Value);

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();
}
