using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Watching.Events;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Validates the options of a hosted watch, including the options of the watch itself.</summary>
/// <remarks>
/// Handwritten, like the other validators: the range attribute of durations is not safe to trim, and the source generator of validators cannot compare two
/// options.
/// </remarks>
internal sealed class HostedJobWatchOptionsValidation : IValidateOptions<HostedJobWatchOptions>
{
    public ValidateOptionsResult Validate(string? name, HostedJobWatchOptions options)
    {
        OptionChecks checks = JobWatchOptionsValidator.Check(options);
        if (options.CheckpointPath is { } path && string.IsNullOrWhiteSpace(path))
        {
            checks.Add($"{nameof(options.CheckpointPath)} is empty: remove it, or set the path of a file.");
        }

        checks.Number(nameof(options.MaxHandlerRetries), options.MaxHandlerRetries, 0, 100, "retries");
        checks.Number(nameof(options.MaxSaveRetries), options.MaxSaveRetries, 0, 100, "retries");
        checks.Duration(nameof(options.HandlerRetryDelay), options.HandlerRetryDelay, TimeSpan.Zero, OptionChecks.OneDay);
        checks.Duration(
            nameof(options.MaxHandlerRetryDelay),
            options.MaxHandlerRetryDelay,
            options.HandlerRetryDelay,
            OptionChecks.OneDay,
            minName: nameof(options.HandlerRetryDelay));
        checks.Defined(nameof(options.FailedChangeAction), options.FailedChangeAction);
        checks.Duration(nameof(options.UnhealthyAfter), options.UnhealthyAfter, TimeSpan.FromSeconds(1), OptionChecks.OneDay);
        return OptionsFailures.Of(name, checks.Failures);
    }
}
