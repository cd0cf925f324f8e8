namespace KooDrive.Jobs.Streams;

/// <summary>Extension methods that return the watches of a cluster.</summary>
public static class JobWatchGrainFactoryExtensions
{
    /// <summary>Returns the watch of an account. No call is sent.</summary>
    /// <param name="grains">The grain factory of a silo or a client of the cluster.</param>
    /// <param name="account">The account.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IJobWatchGrain GetJobWatch(this IGrainFactory grains, JobAccount account)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(account);
        return grains.GetGrain<IJobWatchGrain>(account.ToString());
    }
}
