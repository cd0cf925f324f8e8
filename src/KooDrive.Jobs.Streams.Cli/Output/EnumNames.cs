using System.Globalization;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>The names of the members of an enumeration on the command line, e.g. <c>batch-deletion</c>.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));

    /// <summary>All names, in the order of the values.</summary>
    public static IReadOnlyCollection<string> All => Names.Values;

    /// <summary>Returns the name of the value, the number of a value without a name, or a dash for null.</summary>
    public static string Format(T? value) => value is not { } present ? "-" : Names.TryGetValue(present, out string? name) ? name : present.ToString("D");

    /// <summary>Returns the name in JSON, e.g. <c>batchDeletion</c>; null for null and for a value without a name.</summary>
    public static string? JsonName(T? value) =>
        value is { } present && Names.ContainsKey(present) ? JsonNamingPolicy.CamelCase.ConvertName(present.ToString()) : null;

    /// <summary>Parses a name, case-insensitive and with or without hyphens, or a non-negative number.</summary>
    public static bool TryParse(string text, out T value)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            value = (T)Enum.ToObject(typeof(T), number);
            return true;
        }

        string plain = text.Replace("-", "", StringComparison.Ordinal);
        foreach (T member in Names.Keys)
        {
            if (member.ToString().Equals(plain, StringComparison.OrdinalIgnoreCase))
            {
                value = member;
                return true;
            }
        }

        value = default;
        return false;
    }
}
