using System.Globalization;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>Validates the options when the silo starts, and reports all errors together.</summary>
internal sealed class JobWatchGrainOptionsValidation : IValidateOptions<JobWatchGrainOptions>
{
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, JobWatchGrainOptions options)
    {
        List<string> failures = [];
        CheckNumber(failures, nameof(options.BucketCount), options.BucketCount, 1, 4096, "buckets");
        CheckNumber(failures, nameof(options.MaxRequestsPerSecond), options.MaxRequestsPerSecond, 0.01, 100_000, "requests per second");
        CheckDuration(failures, nameof(options.RecoveryPeriod), options.RecoveryPeriod, TimeSpan.FromSeconds(1), OneDay);
        CheckDuration(failures, nameof(options.BudgetLeaseDuration), options.BudgetLeaseDuration, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(1));
        CheckDuration(failures, nameof(options.RetryDelay), options.RetryDelay, TimeSpan.FromSeconds(0.1), OneDay);
        CheckDuration(failures, nameof(options.MaxRetryDelay), options.MaxRetryDelay, options.RetryDelay, OneDay);
        CheckParts(failures, options);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // In the words of the library's own checks, which are internal.
    private static void CheckNumber(List<string> failures, string name, double? value, double min, double max, string unit)
    {
        // Not (value < min || value > max): NaN is invalid too.
        if (value is { } number && !(number >= min && number <= max))
        {
            failures.Add($"{name} is {Text(number)}: it must be {Text(min)} to {Text(max)} {unit}.");
        }
    }

    private static void CheckDuration(List<string> failures, string name, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max)
        {
            failures.Add($"{name} is {Text(value.TotalSeconds)} s: it must be {Text(min.TotalSeconds)} s to {Text(max.TotalSeconds)} s.");
        }
    }

    private static string Text(double number) => number.ToString("#,0.#######", CultureInfo.InvariantCulture);

    // The library validates its options where they are used. No request is sent: the processing is canceled before it starts.
    private static void CheckParts(List<string> failures, JobWatchGrainOptions options)
    {
        RequireNull(failures, nameof(options.Client.Endpoint), options.Client.Endpoint);
        RequireNull(failures, nameof(options.Client.UserId), options.Client.UserId);
        var endpoint = new Uri("https://endpoint.invalid");
        var credential = new AccessTokenCredential("none");
        Check(failures, nameof(options.Client), () => new JobsClient(options.ClientOf(endpoint), credential).Dispose());
        using var client = new JobsClient(new JobWatchGrainOptions().ClientOf(endpoint), credential);
        Check(failures, nameof(options.Watch), () => client.WatchJobs(options.Watch).Dispose());
        using JobWatch watch = client.WatchJobs();
        Check(failures, nameof(options.Processing), () => watch.ProcessAsync(static (_, _) => default, new CanceledStore(), options.Processing, new CancellationToken(canceled: true)));
    }

    private static void RequireNull(List<string> failures, string name, object? value)
    {
        if (value is not null)
        {
            failures.Add($"{nameof(JobWatchGrainOptions.Client)}: {name} is set: remove it, because each account has its own.");
        }
    }

    private static void Check(List<string> failures, string part, Action use)
    {
        try
        {
            use();
        }
        catch (JobsOptionsException exception)
        {
            failures.AddRange(exception.Failures.Select(failure => $"{part}: {failure}"));
        }
    }

    private sealed class CanceledStore : IJobCheckpointStore
    {
        public ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken) => ValueTask.FromCanceled<ReadOnlyMemory<byte>?>(cancellationToken);

        public ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) => ValueTask.FromCanceled(cancellationToken);
    }
}
