using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>What is wrong with options, in the form of the options system.</summary>
internal static class OptionsFailures
{
    /// <param name="name">The name of the options; empty for those without a service key.</param>
    /// <param name="failures">Everything that is wrong with them.</param>
    public static ValidateOptionsResult Of(string? name, IReadOnlyList<string> failures)
    {
        if (failures.Count == 0)
        {
            return ValidateOptionsResult.Success;
        }

        // The exception's message does not say whose they are, and an application may have several.
        return ValidateOptionsResult.Fail(string.IsNullOrEmpty(name) ? failures : failures.Select(failure => $"{name}: {failure}"));
    }
}
