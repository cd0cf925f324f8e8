using System.Text.Json;
using Orleans.Storage;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>A grain storage that counts its operations and keeps nothing, as the memory of a silo whose storage is another process.</summary>
internal sealed class CountingStorage : IGrainStorage
{
    private long _reads;
    private long _writes;
    private long _bytes;

    public StorageCounts Counts => new(Volatile.Read(ref _reads), Volatile.Read(ref _writes), Volatile.Read(ref _bytes));

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref _reads);
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // Writes at the same time share one, if they take as long as those to another process.
        await Task.Delay(1);
        Interlocked.Increment(ref _writes);
        Interlocked.Add(ref _bytes, JsonSerializer.SerializeToUtf8Bytes(grainState.State).Length);

        // As long as an ETag of Redis.
        grainState.ETag = Guid.NewGuid().ToString("N");
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
}

/// <summary>The operations of a storage.</summary>
internal readonly record struct StorageCounts(long Reads, long Writes, long Bytes)
{
    public static StorageCounts operator -(StorageCounts left, StorageCounts right) =>
        new(left.Reads - right.Reads, left.Writes - right.Writes, left.Bytes - right.Bytes);
}
