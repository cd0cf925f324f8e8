using KooDrive.Jobs.Streams.Http;

namespace KooDrive.Jobs.Streams.Tests.Http;

public class HeaderTextTests
{
    [Theory]
    [InlineData("", false, true)]
    [InlineData("a", true, true)]
    [InlineData("a b", true, true)]
    [InlineData("a ", false, true)]
    [InlineData(" a", false, false)]
    [InlineData(" ", false, false)]
    [InlineData("a\nb", false, false)]
    [InlineData("a\u007fb", false, false)]
    [InlineData("\u00fc", false, false)]
    [InlineData(" \n", false, false)]
    public void IsValue_and_IsPrefix_accept_valid_header_text(string text, bool isValue, bool isPrefix) =>
        Assert.Equal((isValue, isPrefix), (HeaderText.IsValue(text), HeaderText.IsPrefix(text)));
}
