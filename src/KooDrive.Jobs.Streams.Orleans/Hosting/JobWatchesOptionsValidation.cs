using System.Globalization;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Validates the options when the silo starts, and reports all errors together.</summary>
internal sealed class JobWatchesOptionsValidation : IValidateOptions<JobWatchesOptions>
{
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, JobWatchesOptions options)
    {
        List<string> failures = [];
        Check(failures, nameof(options.BucketCount), options.BucketCount, 1, 4096, "buckets");
        if (options.MaxRequestsPerSecond is { } rate)
        {
            Check(failures, nameof(options.MaxRequestsPerSecond), rate, 0.01, 100_000, "requests per second");
        }

        Check(failures, nameof(options.RecoveryPeriod), options.RecoveryPeriod.TotalSeconds, 1, OneDay.TotalSeconds, "seconds");
        Check(failures, nameof(options.BudgetLease), options.BudgetLease.TotalSeconds, 0.5, 60, "seconds");
        Check(failures, nameof(options.RetryDelay), options.RetryDelay.TotalSeconds, 0.1, OneDay.TotalSeconds, "seconds");
        Check(failures, nameof(options.MaxRetryDelay), options.MaxRetryDelay.TotalSeconds, options.RetryDelay.TotalSeconds, OneDay.TotalSeconds, "seconds");
        CheckParts(failures, options);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(List<string> failures, string name, double value, double min, double max, string unit)
    {
        if (!(value >= min && value <= max))
        {
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value} {unit}: it must be {min} to {max}."));
        }
    }

    // The library validates its options where they are used. No request is sent.
    private static void CheckParts(List<string> failures, JobWatchesOptions options)
    {
        lock (options.Client)
        {
            options.Client.Endpoint = new Uri("https://endpoint.invalid");
            options.Client.UserId = "none";
            try
            {
                using var client = new JobsClient(options.Client, new AccessTokenCredential("none"));
                using JobWatch watch = client.WatchJobs(options.Watch);
            }
            catch (JobsOptionsException exception)
            {
                failures.AddRange(exception.Failures);
            }
        }
    }
}
