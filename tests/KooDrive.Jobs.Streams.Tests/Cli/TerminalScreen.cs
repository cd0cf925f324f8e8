using System.Globalization;
using System.Text.RegularExpressions;

namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>The screen of a terminal after a command has written to it. Throws for a control sequence that the command is not known to use.</summary>
internal sealed partial class TerminalScreen(int columns, int rows)
{
    private readonly List<Cell[]> _rows = [Blank(columns)];
    private int _row;
    private int _column;
    private TextStyle _style;

    public int Columns => columns;

    public int Rows => rows;

    /// <summary>The lines on the screen, without trailing spaces.</summary>
    public IEnumerable<string> Lines => Visible.Select(row => string.Concat(row.Select(cell => cell.Character)).TrimEnd());

    private IEnumerable<Cell[]> Visible => _rows.TakeLast(rows);

    public void Write(string text)
    {
        foreach (Match match in Token().Matches(text))
        {
            if (match.Groups["final"] is { Success: true, Value: [char final] })
            {
                Control(final, match.Groups["parameters"].Value);
            }
            else
            {
                Put(match.Value[0]);
            }
        }
    }

    /// <summary>Returns the words of each line with their first columns and styles. Two spaces separate words, so that columns stay aligned in any font.</summary>
    public IEnumerable<(int Row, int Column, string Text, TextStyle Style)> Words() => Visible.SelectMany((cells, row) =>
        Word().Matches(string.Concat(cells.Select(cell => cell.Character))).Select(match => (row, match.Index, match.Value, cells[match.Index].Style)));

    private void Put(char character)
    {
        switch (character)
        {
            case '\n':
                (_row, _column) = (_row + 1, 0);
                break;
            case '\r':
                _column = 0;
                break;
            default:
                if (_column == columns)
                {
                    (_row, _column) = (_row + 1, 0);
                }

                Extend();
                _rows[_row][_column++] = new Cell(character, _style);
                break;
        }

        Extend();
    }

    private void Extend()
    {
        while (_rows.Count <= _row)
        {
            _rows.Add(Blank(columns));
        }
    }

    private void Control(char final, string parameters)
    {
        int number = int.TryParse(parameters, CultureInfo.InvariantCulture, out int parsed) ? parsed : 0;
        switch (final)
        {
            case 'A':
                _row = Math.Max(_row - number, Math.Max(_rows.Count - rows, 0));
                break;
            case 'G':
                _column = number - 1;
                break;
            case 'J' when number == 0:
                _rows[_row].AsSpan(_column).Fill(default(Cell) with { Character = ' ' });
                _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                break;
            case 'm':
                foreach (string code in parameters.Split(';'))
                {
                    _style = _style.With(int.Parse(code, CultureInfo.InvariantCulture));
                }

                break;
            default:
                throw new NotSupportedException($"The control sequence {parameters}{final} is not known.");
        }
    }

    private static Cell[] Blank(int columns) => [.. Enumerable.Repeat(new Cell(' ', default), columns)];

    [GeneratedRegex(@"\e\[(?<parameters>[0-9;]*)(?<final>[A-Za-z])|.", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    [GeneratedRegex("[^ ]+( [^ ]+)*")]
    private static partial Regex Word();

    /// <summary>A character on the screen.</summary>
    private readonly record struct Cell(char Character, TextStyle Style);
}

/// <summary>The style of a text on a terminal.</summary>
/// <param name="Color">One of the colors 31 to 36; 0 for the color of plain text.</param>
/// <param name="IsBold">Whether the text is bold.</param>
/// <param name="IsDim">Whether the text is dim.</param>
internal readonly record struct TextStyle(int Color, bool IsBold, bool IsDim)
{
    /// <summary>Returns the style after the parameter of a control sequence.</summary>
    public TextStyle With(int parameter) => parameter switch
    {
        0 => default,
        1 => this with { IsBold = true },
        2 => this with { IsDim = true },
        >= 31 and <= 36 => this with { Color = parameter },
        _ => throw new NotSupportedException($"The style {parameter} is not known."),
    };
}
