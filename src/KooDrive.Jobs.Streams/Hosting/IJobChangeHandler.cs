namespace KooDrive.Jobs.Streams;

/// <summary>A handler of the application, which a hosted watch calls for each change, in order.</summary>
/// <remarks>
/// Each attempt resolves the handler from a new scope, so it can use scoped services, such as a database context. With a checkpoint, a change may be delivered
/// again after a restart, so a handler must be idempotent.
/// </remarks>
/// <example>
/// <code>
/// public sealed class FailureMailer(IMailer mailer) : IJobChangeHandler
/// {
///     public async ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken)
///     {
///         if (change.JustFailed)
///         {
///             await mailer.SendAsync($"{change.Job}", cancellationToken);
///         }
///     }
/// }
/// </code>
/// </example>
public interface IJobChangeHandler
{
    /// <summary>Processes a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Canceled when the host stops. With a checkpoint, the change is delivered again after a restart.</param>
    /// <returns>A task that completes when the change is processed; the next change follows. An exception leads to a retry.</returns>
    public ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken);

    /// <summary>Processes a gap: changes may have been missed before the next change.</summary>
    /// <param name="gap">The gap, with its reason.</param>
    /// <param name="cancellationToken">Canceled when the host stops.</param>
    /// <returns>A task that completes when the gap is processed. An exception leads to a retry.</returns>
    /// <remarks>The default implementation does nothing. List the jobs to read the outcome of the jobs whose changes were missed.</remarks>
    public ValueTask HandleGapAsync(WatchGap gap, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
