namespace KooDrive.Jobs.Streams.Recovery;

/// <summary>The state of a bucket in the storage of the cluster.</summary>
[GenerateSerializer]
[Alias("koodrive.account-bucket-state")]
internal sealed class AccountBucketState
{
    /// <summary>The accounts, in any order.</summary>
    [Id(0)]
    public string[] Accounts { get; set; } = [];
}
