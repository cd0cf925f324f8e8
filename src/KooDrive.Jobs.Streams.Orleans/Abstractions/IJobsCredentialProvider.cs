namespace KooDrive.Jobs.Streams;

/// <summary>Supplies the credentials of the accounts on a silo. Credentials are never in the state or the messages of a cluster.</summary>
/// <remarks>Implementations must be thread-safe, because many accounts start at the same time.</remarks>
public interface IJobsCredentialProvider
{
    /// <summary>Returns the credential of an account.</summary>
    /// <param name="account">
    /// The account. The provider must check the endpoint, because a caller that can start a watch in the cluster chooses the address to which the credential is
    /// sent.
    /// </param>
    /// <param name="cancellationToken">Canceled when the watch stops.</param>
    /// <returns>The credential. Accounts may share it.</returns>
    /// <remarks>Called when a watch starts on the silo, and again after the watch has ended with an error. An exception is handled like such an error.</remarks>
    public ValueTask<JobsCredential> GetCredentialAsync(JobAccount account, CancellationToken cancellationToken);
}
