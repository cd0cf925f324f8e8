namespace KooDrive.Jobs.Streams;

/// <summary>The watch of one account in a cluster. Its key is the text of a <see cref="JobAccount"/>.</summary>
/// <remarks>
/// <para>
/// A started watch runs on one silo until it is stopped. When its silo leaves the cluster, the watch continues on another silo from its checkpoint. Events go
/// to the <see cref="IJobEventSink"/> of the silo.
/// </para>
/// <para>
/// The methods may be called concurrently. A failure on the silo is a <see cref="JobWatchGrainException"/>, because other exceptions may not reach another
/// process; the log of the silo has the details.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// IJobWatchGrain watch = grains.GetJobWatch(new JobAccount(endpoint, userId));
/// await watch.StartAsync();
/// </code>
/// </example>
[Alias("koodrive.job-watch")]
public interface IJobWatchGrain : IGrainWithStringKey
{
    /// <summary>Starts the watch. Without effect if it is started.</summary>
    /// <returns>A task that completes when the cluster has recorded the start, which then survives the loss of any silo if the storage does.</returns>
    /// <exception cref="JobWatchGrainException">
    /// The start could not be recorded, so the watch may or may not be running: call the method again. Also thrown if the key is not the text of a
    /// <see cref="JobAccount"/>.
    /// </exception>
    [Alias("start")]
    public Task StartAsync();

    /// <summary>Stops the watch. The checkpoint remains, so changes that occur while the watch is stopped are delivered after the next start.</summary>
    /// <returns>A task that completes when the watch sends no more requests and events.</returns>
    /// <exception cref="JobWatchGrainException">The stop could not be recorded. The watch may still be started: call again.</exception>
    [Alias("stop")]
    public Task StopAsync();

    /// <summary>Returns the unfinished jobs of the last completed poll, oldest first.</summary>
    /// <returns>The jobs; empty before the first poll of this silo and while the watch is stopped.</returns>
    [Alias("unfinished")]
    public Task<IReadOnlyList<Job>> GetUnfinishedJobsAsync();

    /// <summary>Returns the health of the watch at this moment.</summary>
    [Alias("health")]
    public Task<JobWatchGrainHealth> GetHealthAsync();
}
