
namespace KooDrive.Jobs.Streams.Recovery;

/// <summary>The part of an account's grain that recovery uses. A call activates the grain, and a started watch then runs.</summary>
[Alias("koodrive.account-recovery")]
internal interface IAccountRecovery : IGrainWithStringKey
{
    /// <summary>Returns the silo on which the watch runs; null if it is stopped.</summary>
    [Alias("ping")]
    public Task<SiloAddress?> PingAsync();
}
