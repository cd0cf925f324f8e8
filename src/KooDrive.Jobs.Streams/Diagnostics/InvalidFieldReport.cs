using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Diagnostics;

/// <summary>
/// Collects the invalid fields of the pages that one operation reads, so that they are logged together. Without a report each page is logged on its
/// own. Thread-safe.
/// </summary>
internal sealed class InvalidFieldReport
{
    // Not a parameter: the pages of a poll pass JobsClient.GetPageAsync, which is public and virtual.
    private static readonly AsyncLocal<InvalidFieldReport?> Ambient = new();

    private readonly Lock _lock = new();
    private readonly List<InvalidField> _fields = [];

    /// <summary>The report of the current operation; null if each page is logged on its own.</summary>
    public static InvalidFieldReport? Current => Ambient.Value;

    /// <summary>The fields by name, with the number of invalid values and the first job that has one.</summary>
    public IReadOnlyList<InvalidField> Fields
    {
        get
        {
            lock (_lock)
            {
                return _fields.Count == 0 ? [] : [.. _fields];
            }
        }
    }

    /// <summary>Collects what the caller reads until the result is disposed.</summary>
    public Scope Collect() => new(this);

    public void Add(InvalidField field)
    {
        lock (_lock)
        {
            int index = _fields.FindIndex(candidate => candidate.Name == field.Name);
            if (index < 0)
            {
                _fields.Add(field);
            }
            else
            {
                _fields[index] = _fields[index] with { Count = _fields[index].Count + field.Count };
            }
        }
    }

    /// <summary>The part of an operation whose pages are collected.</summary>
    internal readonly struct Scope : IDisposable
    {
        public Scope(InvalidFieldReport report) => Ambient.Value = report;

        public void Dispose() => Ambient.Value = null;
    }
}
