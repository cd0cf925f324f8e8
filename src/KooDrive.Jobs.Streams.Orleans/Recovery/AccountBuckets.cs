using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Recovery;

/// <summary>Distributes accounts over buckets. Thread-safe.</summary>
internal sealed class AccountBuckets(IGrainFactory grains, IOptions<JobWatchGrainOptions> options)
{
    /// <summary>Returns all buckets.</summary>
    public IEnumerable<IAccountBucketGrain> All => Enumerable.Range(0, options.Value.BucketCount).Select(number => grains.GetGrain<IAccountBucketGrain>(number));

    /// <summary>Returns the bucket of an account.</summary>
    public IAccountBucketGrain Get(string account) => grains.GetGrain<IAccountBucketGrain>(GetNumber(account, options.Value.BucketCount));

    /// <summary>Returns the number of the bucket of an account. All processes compute the same number, which string.GetHashCode does not.</summary>
    public static int GetNumber(string account, int bucketCount) =>
        (int)(XxHash32.HashToUInt32(MemoryMarshal.AsBytes(account.AsSpan())) % (uint)bucketCount);
}
