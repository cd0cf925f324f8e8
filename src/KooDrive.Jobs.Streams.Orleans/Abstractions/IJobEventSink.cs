namespace KooDrive.Jobs.Streams;

/// <summary>Receives the events of all accounts of a silo.</summary>
/// <remarks>
/// <para>
/// Delivery is at least once. The checkpoint of an account is saved after the sink has returned for every event of a poll, so an event is repeated when the
/// silo is lost in between. <see cref="AccountJobEvent.Key"/> is the same for both deliveries.
/// </para>
/// <para>
/// The events of one account arrive in order, one at a time; events of different accounts arrive concurrently, so implementations must be thread-safe. After
/// the loss of a silo, two activations of an account can deliver at the same time for a moment.
/// </para>
/// </remarks>
public interface IJobEventSink
{
    /// <summary>Stores or forwards an event.</summary>
    /// <param name="jobEvent">The event: <see cref="JobListed"/>, a <see cref="JobChange"/>, <see cref="WatchSynced"/> or <see cref="WatchGap"/>.</param>
    /// <param name="cancellationToken">
    /// Canceled when the watch stops. The event is then delivered again after the next start. A sink that ignores the token delays the stop, and the recovery of the account
    /// on another silo, until it returns.
    /// </param>
    /// <returns>A task that completes when the event is as durable as the caller requires.</returns>
    /// <remarks>
    /// After an exception, the sink is called again with the same event after a delay (<see cref="JobWatchGrainOptions.RetryDelay"/>), without limit. The account
    /// does not poll meanwhile. To skip an event, return.
    /// </remarks>
    public ValueTask WriteAsync(AccountJobEvent jobEvent, CancellationToken cancellationToken);
}
