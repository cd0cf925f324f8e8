using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary>Options that read numbers and names, with messages that name the option and say what it takes.</summary>
internal static class OptionValues
{
    private const double LeastSeconds = 0.1;
    private const double MostSeconds = 86_400;

    public static Option<long?> WholeNumber(string name, long least, long most, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result => long.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= least && number <= most
                ? number
                : Refuse(result, name, most == long.MaxValue ? $"a whole number of {least} or more" : $"a whole number from {least} to {most}"),
    };

    public static Option<double?> Number(string name, string helpName, double least, double most, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result => double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= least && number <= most
                ? number
                : Refuse(result, name, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}")),
    };

    public static Option<TimeSpan?> Seconds(string name, string description) => new(name)
    {
        HelpName = "SECONDS",
        Description = description,
        CustomParser = result => double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && seconds is >= LeastSeconds and <= MostSeconds
                ? TimeSpan.FromSeconds(seconds)
                : Refuse<TimeSpan>(result, name, string.Create(CultureInfo.InvariantCulture, $"a number of seconds from {LeastSeconds} to {MostSeconds}")),
    };

    /// <summary>A member of an enumeration, by its name or its number.</summary>
    public static Option<T?> Member<T>(string name, string description)
        where T : struct, Enum
    {
        var option = new Option<T?>(name)
        {
            HelpName = "N|NAME",
            Description = $"{description}: {string.Join(", ", EnumNames<T>.All)}, or a number.",
            CustomParser = result => EnumNames<T>.TryParse(Text(result), out T value)
                ? value
                : Refuse<T>(result, name, $"a number or one of {string.Join(", ", EnumNames<T>.All)}"),
        };
        option.CompletionSources.Add([.. EnumNames<T>.All]);
        return option;
    }

    /// <summary>One of the names of an enumeration whose numbers mean nothing to users.</summary>
    public static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var option = new Option<T?>(name)
        {
            HelpName = string.Join('|', EnumNames<T>.All),
            Description = description,
            CustomParser = result => EnumNames<T>.All.Contains(Text(result), StringComparer.OrdinalIgnoreCase)
                && EnumNames<T>.TryParse(Text(result), out T value)
                ? value
                : Refuse<T>(result, name, $"one of {string.Join(", ", EnumNames<T>.All)}"),
        };
        option.CompletionSources.Add([.. EnumNames<T>.All]);
        return option;
    }

    private static string Text(ArgumentResult result) => result.Tokens[0].Value;

    private static T? Refuse<T>(ArgumentResult result, string name, string expected)
        where T : struct
    {
        result.AddError($"{name}: '{Text(result)}' is not {expected}.");
        return null;
    }

    private static long? Refuse(ArgumentResult result, string name, string expected) => Refuse<long>(result, name, expected);
}
