using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>Records the log messages of every level.</summary>
internal sealed class RecordingLogger : ILogger, ILoggerFactory
{
    private readonly ConcurrentQueue<(int EventId, LogLevel Level, string Message)> _entries = new();
    private readonly ConcurrentQueue<Exception> _exceptions = new();

    public IReadOnlyList<(int EventId, LogLevel Level, string Message)> Entries => [.. _entries];

    /// <summary>The ids of warnings and errors.</summary>
    public IEnumerable<int> ProblemIds => Entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.EventId);

    public IEnumerable<int> EventIds => Entries.Select(entry => entry.EventId);

    /// <summary>The exceptions that were logged with a message.</summary>
    public IReadOnlyList<Exception> Exceptions => [.. _exceptions];

    /// <summary>Called with the id of each message.</summary>
    public Action<int>? OnLog { get; init; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _entries.Enqueue((eventId.Id, logLevel, formatter(state, exception)));
        if (exception is not null)
        {
            _exceptions.Enqueue(exception);
        }

        OnLog?.Invoke(eventId.Id);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
