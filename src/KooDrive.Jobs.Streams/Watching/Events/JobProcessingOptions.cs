using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams;

/// <summary>The options of the processing of events with a checkpoint.</summary>
/// <remarks>The options are validated and copied when the processing starts.</remarks>
public sealed class JobProcessingOptions
{
    /// <summary>The maximum number of retries of a save of the checkpoint, 0 to 100. Default 5.</summary>
    /// <remarks>When the last retry fails too, its exception ends the processing. With 0, a failed save is not retried.</remarks>
    public int MaxSaveRetries { get; set; } = 5;

    /// <summary>The delay before the first retry of a save, 0 to 1 day. Default 1 second. It doubles with each retry.</summary>
    public TimeSpan SaveRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum delay before a retry of a save, <see cref="SaveRetryDelay"/> to 1 day. Default 1 minute.</summary>
    public TimeSpan MaxSaveRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Returns a copy of the options, on which later changes have no effect.</summary>
    /// <exception cref="JobsOptionsException">The options are invalid.</exception>
    internal JobProcessingOptions Validated(string parameterName)
    {
        var checks = new OptionChecks();
        checks.Number(nameof(MaxSaveRetries), MaxSaveRetries, 0, 100, "retries");
        checks.Duration(nameof(SaveRetryDelay), SaveRetryDelay, TimeSpan.Zero, OptionChecks.OneDay);
        checks.Duration(nameof(MaxSaveRetryDelay), MaxSaveRetryDelay, SaveRetryDelay, OptionChecks.OneDay, minName: nameof(SaveRetryDelay));
        checks.ThrowIfFailed(parameterName);
        return (JobProcessingOptions)MemberwiseClone();
    }
}
