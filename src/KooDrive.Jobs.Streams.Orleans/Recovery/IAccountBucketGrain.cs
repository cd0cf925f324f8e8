
namespace KooDrive.Jobs.Streams.Recovery;

/// <summary>A part of the list of started accounts, with one reminder for all of them.</summary>
[Alias("koodrive.account-bucket")]
internal interface IAccountBucketGrain : IGrainWithIntegerKey
{
    /// <summary>Adds an account, and completes when the storage has it.</summary>
    [Alias("add")]
    public Task AddAsync(string account, SiloAddress silo);

    /// <summary>Removes an account, and completes when the storage no longer has it.</summary>
    [Alias("remove")]
    public Task RemoveAsync(string account);

    /// <summary>Notes the silo on which an account runs.</summary>
    [Alias("report")]
    public Task ReportAsync(string account, SiloAddress silo);

    /// <summary>Pings the accounts that run on a silo or whose silo is not known.</summary>
    /// <param name="silo">The silo that leaves the cluster; null for none.</param>
    [Alias("recover")]
    public Task RecoverAsync(SiloAddress? silo);
}
