using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams;

/// <summary>The options of the watches of a silo.</summary>
/// <remarks>
/// All silos of a cluster need the same values. The options are validated when the silo starts: an <see cref="OptionsValidationException"/> lists every error.
/// </remarks>
public sealed class JobWatchGrainOptions
{
    /// <summary>
    /// The options of the clients of all accounts: how requests are sent. <see cref="JobsClientOptions.Endpoint"/> and <see cref="JobsClientOptions.UserId"/>
    /// must be null: each account has its own.
    /// </summary>
    public JobsClientOptions Client { get; } = new();

    /// <summary>When a watch polls and what it keeps.</summary>
    /// <remarks>
    /// <see cref="JobWatchOptions.MaxRetainedFinishedJobs"/> is 0 by default, unlike in other watches: the sink is the only subscriber, so nothing has to be
    /// retained for later ones.
    /// </remarks>
    public JobWatchOptions Watch { get; } = new() { MaxRetainedFinishedJobs = 0 };

    /// <summary>The retries of a failed save of a checkpoint.</summary>
    public JobProcessingOptions Processing { get; } = new();

    /// <summary>The number of parts of the list of accounts, 1 to 4,096. Default 64.</summary>
    /// <remarks>After a change, start every account again: its checkpoint is kept, but the new buckets do not list it.</remarks>
    public int BucketCount { get; set; } = 64;

    /// <summary>
    /// The time between the reminders that continue the watches of a bucket, 1 second to 1 day, and at least
    /// <see cref="ReminderOptions.MinimumReminderPeriod"/>. Default 1 minute.
    /// </summary>
    /// <remarks>Watches of a silo that was lost usually continue earlier: the remaining silos are notified.</remarks>
    public TimeSpan RecoveryPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The maximum rate of requests to an endpoint by the whole cluster, 0.01 to 100,000 requests per second. Null (the default) means no limit.
    /// </summary>
    public double? MaxRequestsPerSecond { get; set; }

    /// <summary>The duration of a silo's share of the rate, 0.5 seconds to 1 minute. Default 2 seconds.</summary>
    /// <remarks>
    /// After the loss of a silo, its share is unused for this time. After the loss of the silo that divides the rate, all requests stop for this time.
    /// </remarks>
    public TimeSpan BudgetLeaseDuration { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The first delay before an event is delivered again to a sink that threw, and before a watch that ended with an error continues, 0.1 seconds to 1 day.
    /// Default 1 second. It doubles with each failure.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum delay of these retries (<see cref="RetryDelay"/>), <see cref="RetryDelay"/> to 1 day. Default 1 minute.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Returns the options of the client of an endpoint, whose own user sends no request.</summary>
    internal JobsClientOptions ClientOf(Uri endpoint) => new(Client) { Endpoint = endpoint, UserId = "none" };
}
