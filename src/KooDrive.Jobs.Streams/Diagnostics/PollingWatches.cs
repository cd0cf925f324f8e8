using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The watches that poll now, for the observable instruments. An idle watch is not included, and not kept alive.</summary>
internal sealed class PollingWatches
{
    private readonly ConcurrentDictionary<IPollingWatch, IPollingWatch> _watches = new();

    public void Add(IPollingWatch watch) => _watches.TryAdd(watch, watch);

    public void Remove(IPollingWatch watch) => _watches.TryRemove(watch, out _);

    /// <summary>Returns one measurement for watches with equal tags, because a reader keeps only one: the largest, which matters for an alert.</summary>
    /// <param name="read">Reads the value of a watch; null for none.</param>
    public IEnumerable<Measurement<T>> Measure<T>(Func<IPollingWatch, T?> read)
        where T : struct, IComparable<T> =>
        from watch in _watches.Keys
        let value = read(watch)
        where value is not null
        group (Value: value.Value, Watch: watch) by string.Join('\n', watch.Tags.ToArray()) into same
        select new Measurement<T>(same.Max(item => item.Value), same.First().Watch.Tags);
}

/// <summary>A watch that polls, as the observable instruments read it.</summary>
internal interface IPollingWatch
{
    /// <summary>The tags of all measurements of the watch.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> Tags { get; }

    /// <summary>The number of unfinished jobs at the last completed poll; null before the first.</summary>
    public int? UnfinishedCount { get; }

    /// <summary>How long ago a poll last succeeded, or polling started if that is later; null while the watch is idle.</summary>
    public TimeSpan? SuccessAge { get; }
}
