using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>The watches that poll now, for the instruments that are asked. One that rests is not here, and not kept alive.</summary>
internal sealed class PollingWatches
{
    private readonly ConcurrentDictionary<IPollingWatch, IPollingWatch> _watches = new();

    public void Add(IPollingWatch watch) => _watches.TryAdd(watch, watch);

    public void Remove(IPollingWatch watch) => _watches.TryRemove(watch, out _);

    /// <summary>One measurement for watches whose tags are equal, since a reader keeps only one: the largest, which is what an alert is about.</summary>
    /// <param name="read">A watch's value; null for none.</param>
    public IEnumerable<Measurement<T>> Measure<T>(Func<IPollingWatch, T?> read)
        where T : struct, IComparable<T> =>
        from watch in _watches.Keys
        let value = read(watch)
        where value is not null
        group (Value: value.Value, Watch: watch) by string.Join('\n', watch.Tags.ToArray()) into same
        select new Measurement<T>(same.Max(one => one.Value), same.First().Watch.Tags);
}
