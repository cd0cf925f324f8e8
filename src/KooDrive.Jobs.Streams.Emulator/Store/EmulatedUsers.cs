using System.Collections.Concurrent;

namespace KooDrive.Jobs.Streams.Emulator.Store;

/// <summary>The users of an emulator and their jobs. Thread-safe.</summary>
internal sealed class EmulatedUsers(JobClock clock)
{
    private readonly TaskIdSequence _taskIds = new();
    private readonly ConcurrentDictionary<string, EmulatedJobStore> _stores = new(StringComparer.Ordinal);

    /// <summary>Adds a user without jobs.</summary>
    /// <exception cref="ArgumentException">The user exists.</exception>
    public EmulatedJobStore Add(string userId)
    {
        var store = new EmulatedJobStore(clock, _taskIds);
        return _stores.TryAdd(userId, store) ? store : throw new ArgumentException($"The emulator already has a user with the id '{userId}'.", nameof(userId));
    }

    /// <summary>Returns the jobs of a user, or <see langword="null"/>.</summary>
    public EmulatedJobStore? Find(string userId) => _stores.GetValueOrDefault(userId);
}
