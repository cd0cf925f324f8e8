using System.Collections.Concurrent;
using System.Text.Json;
using Orleans.Storage;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>A grain storage in memory with the rules of a durable one: it rejects a write that does not follow the last one. Thread-safe.</summary>
internal sealed class TestStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (string Text, int Version)> _states = new();
    private int _writeCount;
    private int _rejectedCount;

    public int WriteCount => Volatile.Read(ref _writeCount);

    public int RejectedCount => Volatile.Read(ref _rejectedCount);

    /// <summary>All states as text.</summary>
    public IReadOnlyCollection<string> Texts => [.. _states.Values.Select(state => state.Text)];

    /// <summary>Called before each write, with the name of the state.</summary>
    public Action<string>? BeforeWrite { get; set; }

    /// <summary>Called before each read, with the name of the state.</summary>
    public Action<string>? BeforeRead { get; set; }

    /// <summary>Makes the states look written by another activation.</summary>
    public void WriteElsewhere(string stateName)
    {
        foreach (string key in _states.Keys.Where(key => key.StartsWith($"{stateName}/", StringComparison.Ordinal)))
        {
            _states.AddOrUpdate(key, _ => throw new InvalidOperationException(), (_, state) => (state.Text, state.Version + 1));
        }
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        BeforeRead?.Invoke(stateName);
        if (_states.TryGetValue($"{stateName}/{grainId}", out (string Text, int Version) state))
        {
            grainState.State = JsonSerializer.Deserialize<T>(state.Text)!;
            grainState.ETag = $"{state.Version}";
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Yield();
        BeforeWrite?.Invoke(stateName);
        Interlocked.Increment(ref _writeCount);
        string key = $"{stateName}/{grainId}";
        string text = JsonSerializer.Serialize(grainState.State);
        bool isWritten = grainState.ETag is null
            ? _states.TryAdd(key, (text, 1))
            : _states.TryGetValue(key, out (string, int Version) old) && $"{old.Version}" == grainState.ETag && _states.TryUpdate(key, (text, old.Version + 1), old);
        if (!isWritten)
        {
            Interlocked.Increment(ref _rejectedCount);
            throw new InconsistentStateException("Another activation wrote.");
        }

        grainState.ETag = grainState.ETag is null ? "1" : $"{int.Parse(grainState.ETag, System.Globalization.CultureInfo.InvariantCulture) + 1}";
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove($"{stateName}/{grainId}", out _);
        return Task.CompletedTask;
    }
}
