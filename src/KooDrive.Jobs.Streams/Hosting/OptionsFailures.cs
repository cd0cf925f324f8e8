using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Converts errors of options to a <see cref="ValidateOptionsResult"/>.</summary>
internal static class OptionsFailures
{
    /// <param name="name">The name of the options; empty for options without a service key.</param>
    /// <param name="failures">The errors.</param>
    public static ValidateOptionsResult Of(string? name, IReadOnlyList<string> failures)
    {
        if (failures.Count == 0)
        {
            return ValidateOptionsResult.Success;
        }

        // The message of the exception does not contain the name of the options, and an application may have several.
        return ValidateOptionsResult.Fail(string.IsNullOrEmpty(name) ? failures : failures.Select(failure => $"{name}: {failure}"));
    }
}
