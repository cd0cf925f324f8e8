using System.Globalization;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>The names of an enumeration's members as the command reads and writes them: <c>batch-deletion</c>.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));

    /// <summary>Every name, in the order of the values.</summary>
    public static IReadOnlyCollection<string> All => Names.Values;

    /// <summary>The name; the number of a value that has none; a dash for no value.</summary>
    public static string Format(T? value) => value is not { } known ? "-" : Names.TryGetValue(known, out string? name) ? name : known.ToString("D");

    /// <summary>Reads a member's name, in any case and with hyphens or without, or a number that is not negative.</summary>
    public static bool TryParse(string text, out T value)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            value = (T)Enum.ToObject(typeof(T), number);
            return true;
        }

        string plain = text.Replace("-", "", StringComparison.Ordinal);
        foreach (T known in Names.Keys)
        {
            if (known.ToString().Equals(plain, StringComparison.OrdinalIgnoreCase))
            {
                value = known;
                return true;
            }
        }

        value = default;
        return false;
    }
}
