using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class PlainTextTests
{
    [Theory]
    [InlineData("one two", 7, "one two")]
    [InlineData("one two", 6, "one\n  two")]
    [InlineData("one  two three four", 12, "one  two\n  three four")]
    [InlineData("one two three four", 11, "one two\n  three\n  four")]
    [InlineData("one longer-than-the-line two", 8, "one\n  longer-than-the-line\n  two")]
    [InlineData("longer-than-the-line", 8, "longer-than-the-line")]
    [InlineData("one   two", 6, "one\n  two")]
    [InlineData(" one two ", 5, " one\n  two")]
    [InlineData("", 8, "")]
    public void Wrap_breaks_lines_only_between_words(string line, int width, string expected) => Assert.Equal(expected, PlainText.Wrap(line, width));
}
