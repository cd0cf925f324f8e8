using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Output;
using Microsoft.Extensions.Logging;

namespace KooDrive.Jobs.Streams.Cli.Connections;

/// <summary>Writes each log message as one line to the standard error of a command, which may differ from that of the process.</summary>
internal sealed class ErrorLoggerProvider(CommandEnvironment environment) : ILoggerProvider
{
    private readonly TextWriter _error = TextWriter.Synchronized(environment.Error);

    public ILogger CreateLogger(string categoryName) => new ErrorLogger(_error, environment.Time, categoryName);

    public void Dispose()
    {
    }

    private sealed class ErrorLogger(TextWriter error, TimeProvider time, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
            error.WriteLine($"{time.GetLocalNow():HH:mm:ss.fff} {logLevel,-11} {category}: {PlainText.OneLine(formatter(state, exception) + cause)}");
        }
    }
}
