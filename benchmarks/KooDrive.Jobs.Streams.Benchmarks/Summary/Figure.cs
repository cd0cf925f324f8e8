using System.Globalization;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A figure of a row, and its goal if it has one.</summary>
/// <param name="value">The measured value.</param>
/// <param name="format">The format of the value.</param>
/// <param name="atMost">The largest value that reaches the goal; null for none.</param>
/// <param name="atLeast">The smallest value that reaches the goal; null for none.</param>
internal readonly struct Figure(double value, string format = "0.00", double? atMost = null, double? atLeast = null)
{
    /// <summary>The value as printed, which is also compared with the goal.</summary>
    public string Text { get; } = value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>The goal, for example <c>≤ 0.16</c> or <c>≤ 0.16 (misses)</c>; empty if there is none.</summary>
    public string Goal
    {
        get
        {
            (string sign, double? limit) = atLeast is null ? ("≤", atMost) : ("≥", atLeast);
            return limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{sign} {limit:#,0.##}{(IsMissed ? " (misses)" : "")}");
        }
    }

    public bool IsMissed
    {
        get
        {
            double printed = double.Parse(Text, CultureInfo.InvariantCulture);
            return printed > atMost || printed < atLeast;
        }
    }

    public static implicit operator Figure(double value) => new(value);
}
