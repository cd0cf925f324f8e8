using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Parsing;

/// <summary>Creates options whose values are numbers or names. Error messages name the option and the values that it accepts.</summary>
internal static class OptionValues
{
    private const double MinSeconds = 0.1;
    private const double MaxSeconds = 86_400;

    /// <summary>Creates an option without a value. With the default arity, `--failed true` would be accepted, and nothing would be suggested after `--failed`.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Arity = ArgumentArity.Zero, Description = description };

    public static Option<long?> WholeNumber(string name, long min, long max, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result => long.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= min && number <= max
                ? number
                : Reject(result, name, max == long.MaxValue ? $"a whole number of {min} or more" : $"a whole number from {min} to {max}"),
    };

    public static Option<double?> Number(string name, string helpName, double min, double max, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result => double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= min && number <= max
                ? number
                : Reject(result, name, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}")),
    };

    public static Option<TimeSpan?> Seconds(string name, string description) => new(name)
    {
        HelpName = "SECONDS",
        Description = description,
        CustomParser = result => double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && seconds is >= MinSeconds and <= MaxSeconds
                ? TimeSpan.FromSeconds(seconds)
                : Reject<TimeSpan>(result, name, string.Create(CultureInfo.InvariantCulture, $"a number of seconds from {MinSeconds} to {MaxSeconds}")),
    };

    /// <summary>Creates an option whose value is a member of an enumeration, by name or by number.</summary>
    public static Option<T?> Member<T>(string name, string description)
        where T : struct, Enum
    {
        var option = new Option<T?>(name)
        {
            HelpName = "NAME|N",
            Description = description,
            CustomParser = result => EnumNames<T>.TryParse(Text(result), out T value)
                ? value
                : Reject<T>(result, name, $"a number or one of {string.Join(", ", EnumNames<T>.All)}"),
        };
        Complete(option);
        return option;
    }

    /// <summary>Creates an option whose value is the name of a member of an enumeration. Numbers are rejected.</summary>
    public static Option<T?> Choice<T>(string name, string alias, string description)
        where T : struct, Enum
    {
        var option = new Option<T?>(name, alias)
        {
            HelpName = "FORMAT",
            Description = description,
            CustomParser = result => EnumNames<T>.All.Contains(Text(result), StringComparer.OrdinalIgnoreCase)
                && EnumNames<T>.TryParse(Text(result), out T value)
                ? value
                : Reject<T>(result, name, $"one of {string.Join(", ", EnumNames<T>.All)}"),
        };
        Complete(option);
        return option;
    }

    // By default, the names of the members in C# are suggested.
    private static void Complete<T>(Option<T?> option)
        where T : struct, Enum
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. EnumNames<T>.All]);
    }

    /// <summary>Creates an option whose value is a time, or a duration before the current time.</summary>
    public static Option<DateTimeOffset?> Time(string name, CommandEnvironment environment, string description) => new(name)
    {
        HelpName = "TIME",
        Description = description,
        CustomParser = result => TimeText.TryParse(Text(result), environment.Time, out DateTimeOffset time)
            ? time
            : Reject<DateTimeOffset>(result, name, "a time such as 2026-01-31 or 2026-01-31T08:00:00Z, or a duration such as 90s, 30m, 12h or 7d"),
    };

    private static string Text(ArgumentResult result) => result.Tokens[0].Value;

    private static T? Reject<T>(ArgumentResult result, string name, string expected)
        where T : struct
    {
        result.AddError($"{name}: '{Text(result)}' is not {expected}.");
        return null;
    }

    private static long? Reject(ArgumentResult result, string name, string expected) => Reject<long>(result, name, expected);
}
