using System.Globalization;
using System.Net;
using System.Text;

namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>Draws the screen of a terminal as SVG.</summary>
/// <param name="Background">The color of the screen.</param>
/// <param name="Text">The color of plain text.</param>
/// <param name="Colors">The colors 31 to 36.</param>
internal sealed record TerminalPicture(string Background, string Text, IReadOnlyDictionary<int, string> Colors)
{
    private const double CellWidth = 8.4;
    private const double LineHeight = 19;
    private const double Padding = 16;

    public static TerminalPicture Dark { get; } = new("#0d1117", "#e6edf3", new Dictionary<int, string>
    {
        [31] = "#ff7b72",
        [32] = "#7ee787",
        [33] = "#e3b341",
        [35] = "#d2a8ff",
        [36] = "#76e3ea",
    });

    public static TerminalPicture Light { get; } = new("#ffffff", "#1f2328", new Dictionary<int, string>
    {
        [31] = "#cf222e",
        [32] = "#116329",
        [33] = "#7d4e00",
        [35] = "#8250df",
        [36] = "#0b6e75",
    });

    /// <summary>Returns the SVG. Each word is stretched to its columns, so that it is aligned in any font.</summary>
    public string Draw(TerminalScreen screen, string description)
    {
        double width = (screen.Columns * CellWidth) + (2 * Padding), height = (screen.Rows * LineHeight) + (1.5 * Padding);
        var svg = new StringBuilder();
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" width="{width:0}" height="{height:0}" viewBox="0 0 {width:0} {height:0}" role="img" aria-label="{Escape(description)}">""");
        Line($"""<rect width="{width:0}" height="{height:0}" rx="8" fill="{Background}"/>""");
        Line($"""<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">""");
        foreach ((int row, int column, string text, TextStyle style) in screen.Words())
        {
            string color = Colors.GetValueOrDefault(style.Color, Text);
            string emphasis = style.IsBold ? " font-weight=\"600\"" : style.IsDim ? " opacity=\"0.7\"" : "";
            Line($"""<text x="{Padding + (column * CellWidth):0.0}" y="{(1.5 * Padding) + (row * LineHeight):0}" fill="{color}"{emphasis} textLength="{text.Length * CellWidth:0.0}" lengthAdjust="spacingAndGlyphs">{Escape(text)}</text>""");
        }

        Line($"</g>");
        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
