using System.Globalization;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams;

/// <summary>Finds everything that is wrong with the options of a hosted watch, those of the watch itself included.</summary>
/// <remarks>
/// By hand, like the other options: the source generator of validators does not go well with durations (their range attribute is not safe to trim), and
/// cannot compare two members.
/// </remarks>
internal sealed class HostedJobWatchOptionsValidation : IValidateOptions<HostedJobWatchOptions>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, HostedJobWatchOptions options)
    {
        List<string> failures = options.Watch is null
            ? [$"{nameof(options.Watch)} is missing."]
            : [.. JobWatchOptionsValidator.Validate(options.Watch).Select(failure => $"{nameof(options.Watch)}.{failure}")];
        if (options.CheckpointPath is { } path && string.IsNullOrWhiteSpace(path))
        {
            failures.Add($"{nameof(options.CheckpointPath)} is empty: leave it out, or name a file.");
        }

        if (options.MaxHandlerRetries is < 0 or > 100)
        {
            failures.Add(Invariant($"{nameof(options.MaxHandlerRetries)} is {options.MaxHandlerRetries}: it must be 0 to 100."));
        }

        ValidateDuration(nameof(options.HandlerRetryDelay), options.HandlerRetryDelay, TimeSpan.Zero);
        ValidateDuration(nameof(options.MaxHandlerRetryDelay), options.MaxHandlerRetryDelay, options.HandlerRetryDelay);
        ValidateDuration(nameof(options.UnhealthyAfter), options.UnhealthyAfter, TimeSpan.FromSeconds(1));
        if (!Enum.IsDefined(options.FailedChanges))
        {
            failures.Add($"{nameof(options.FailedChanges)} is {options.FailedChanges}: it must be {string.Join(" or ", Enum.GetNames<FailedChangeAction>())}.");
        }

        return OptionsFailures.Of(name, failures);

        void ValidateDuration(string member, TimeSpan value, TimeSpan least)
        {
            if (value < least || value > Day)
            {
                failures.Add(Invariant($"{member} is {value.TotalSeconds} s: it must be {least.TotalSeconds} to {Day.TotalSeconds} s."));
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
