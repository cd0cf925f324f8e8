using System.Globalization;

namespace KooDrive.Jobs.Streams.Errors;

/// <summary>The checks that all options share. Collects every error, so that one exception reports them together.</summary>
internal sealed class OptionChecks
{
    public static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    private readonly List<string> _failures = [];

    /// <summary>What is wrong and what to change, a sentence for each error.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public void Add(string failure) => _failures.Add(failure);

    /// <summary>Checks that a duration is in a range. Null is valid.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="min">The shortest valid duration.</param>
    /// <param name="max">The longest valid duration.</param>
    /// <param name="minName">The option that <paramref name="min"/> is the value of, if it is one.</param>
    /// <param name="maxName">The option that <paramref name="max"/> is the value of, if it is one.</param>
    public void Duration(string name, TimeSpan? value, TimeSpan min, TimeSpan max, string? minName = null, string? maxName = null)
    {
        if (value is { } duration && (duration < min || duration > max))
        {
            Add($"{name} is {Seconds(duration)}: it must be {Limit(min, minName)} to {Limit(max, maxName)}.");
        }
    }

    /// <summary>Checks that a number is in a range. Null is valid.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="min">The smallest valid number.</param>
    /// <param name="max">The largest valid number.</param>
    /// <param name="unit">What is counted, if anything is.</param>
    public void Number(string name, double? value, double min, double max, string? unit = null)
    {
        // Not (value < min || value > max): NaN is invalid too.
        if (value is { } number && !(number >= min && number <= max))
        {
            string limits = double.IsPositiveInfinity(max) ? $"{Text(min)} or more" : $"{Text(min)} to {Text(max)}";
            Add($"{name} is {Text(number)}: it must be {limits}{(unit is null ? null : $" {unit}")}.");
        }
    }

    /// <summary>Checks that a number is a member of an enumeration.</summary>
    public void Defined<T>(string name, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add($"{name} is {value}: it must be {string.Join(" or ", Enum.GetNames<T>())}.");
        }
    }

    /// <summary>Throws one exception for all errors, if there are any.</summary>
    /// <exception cref="JobsOptionsException">A check failed.</exception>
    public void ThrowIfFailed(string parameterName)
    {
        if (_failures.Count > 0)
        {
            throw new JobsOptionsException(_failures, parameterName);
        }
    }

    /// <summary>Returns the text of a duration in messages, in seconds.</summary>
    public static string Seconds(TimeSpan duration) => $"{Text(duration.TotalSeconds)} s";

    private static string Limit(TimeSpan limit, string? name) => name is null ? Seconds(limit) : $"{Seconds(limit)} ({name})";

    // Seven decimals show a tick of a duration.
    private static string Text(double number) => number.ToString("#,0.#######", CultureInfo.InvariantCulture);
}
