using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Rejects keys of a configuration section that are not options, because the binder ignores them silently.</summary>
/// <typeparam name="TOptions">The options that the section is bound to.</typeparam>
/// <param name="optionsName">The name of the options.</param>
/// <param name="section">The section.</param>
/// <param name="credentialKeys">The keys that are read without the options, because they are secrets.</param>
/// <param name="subsections">The subsections that are bound elsewhere. If there are any, the section may also contain others, for example of further accounts.</param>
internal sealed class ConfigurationKeys<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(
    string optionsName, IConfigurationSection section, string[] credentialKeys, string[] subsections) : IValidateOptions<TOptions>
    where TOptions : class
{
    // A subsection with another name may belong to the application. This distance still finds a transposition or two missing letters.
    private const int MaxTypingErrors = 2;

    private readonly string[] _keys = [.. typeof(TOptions).GetProperties().Select(property => property.Name), .. credentialKeys];

    public ValidateOptionsResult Validate(string? name, TOptions options) => name == optionsName
        ? OptionsFailures.Of(name, [.. section.GetChildren().SelectMany(Check)])
        : ValidateOptionsResult.Skip;

    private IEnumerable<string> Check(IConfigurationSection child)
    {
        if (Contains(_keys, child.Key))
        {
            // An option has a value, so the binder ignores keys in it.
            return child.GetChildren().Any() ? Leaves(child).Select(leaf => Failure(leaf, child.Key)) : [];
        }

        if (Contains(subsections, child.Key))
        {
            return string.IsNullOrEmpty(child.Value) ? [] : [$"The configuration key {child.Path} is a section: set the keys in it instead of a value."];
        }

        if (!child.GetChildren().Any())
        {
            // An empty object in JSON is a key without a value.
            return child.Value is null ? [] : [Failure(child, NearestName.Of(child.Key, _keys))];
        }

        if (subsections.Length == 0)
        {
            return Leaves(child).Select(leaf => Failure(leaf, NearestName.Of(leaf.Key, _keys)));
        }

        string nearest = NearestName.Of(child.Key, [.. subsections, .. _keys]);
        return NearestName.Distance(child.Key, nearest) <= MaxTypingErrors ? [Failure(child, nearest)] : [];
    }

    private string Failure(IConfigurationSection unknown, string nearest) =>
        $"The configuration key {unknown.Path} is unknown: did you mean {ConfigurationPath.Combine(section.Path, nearest)}?";

    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section) => section.GetChildren().Any()
        ? section.GetChildren().SelectMany(Leaves)
        : [section];

    private static bool Contains(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
