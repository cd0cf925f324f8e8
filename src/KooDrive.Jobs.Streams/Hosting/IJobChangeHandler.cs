namespace KooDrive.Jobs.Streams;

/// <summary>What an application does about what happens to jobs: called by the hosted watch, once for each change, in order.</summary>
/// <remarks>
/// Each attempt gets a handler of its own from a scope of its own, so it may hold what belongs to a scope, such as a database context. With a checkpoint
/// a change may come again after a restart, so a handler must bear to see one twice.
/// </remarks>
/// <example>
/// <code>
/// public sealed class FailureMailer(IMailer mailer) : IJobChangeHandler
/// {
///     public async ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken)
///     {
///         if (change.JustFinished &amp;&amp; !change.JustSucceeded)
///         {
///             await mailer.SendAsync($"{change.Job}", cancellationToken);
///         }
///     }
/// }
/// </code>
/// </example>
public interface IJobChangeHandler
{
    /// <summary>Deals with a change. The next one comes when it has returned; what it throws makes it be called again.</summary>
    /// <param name="change">What happened.</param>
    /// <param name="cancellationToken">Canceled when the host stops: what was not dealt with comes again, if there is a checkpoint.</param>
    public ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Told when changes may have been missed, before those that follow: then only the list itself shows what became of jobs. Does nothing unless it is
    /// overridden. Retried like <see cref="HandleAsync"/>.
    /// </summary>
    /// <param name="gap">Why.</param>
    /// <param name="cancellationToken">Canceled when the host stops.</param>
    public ValueTask HandleGapAsync(WatchGap gap, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
