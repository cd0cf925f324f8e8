using System.Globalization;
using KooDrive.Jobs.Streams.Cli.Execution;
using Spectre.Console;

namespace KooDrive.Jobs.Streams.Cli.Output;

/// <summary>A line with the progress of a listing at the bottom of the terminal. Not shown if standard error is not a terminal.</summary>
/// <remarks>Thread-safe. Other output must be written through <see cref="Above"/>.</remarks>
internal sealed class ProgressLine : IProgress<JobListingProgress>, IDisposable
{
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromSeconds(0.1);

    private readonly Lock _lock = new();
    private readonly CommandEnvironment _environment;
    private readonly AnsiWriter? _line;
    private readonly long _started;
    private JobListingProgress _progress;
    private long _drawn;
    private bool _hidden;

    public ProgressLine(CommandEnvironment environment, bool show)
    {
        _environment = environment;
        _line = show && environment.ErrorIsLive ? Ansi.Create(environment.Error, isLive: true, hasColor: false) : null;
        _started = environment.Time.GetTimestamp();
        Draw();
    }

    public void Report(JobListingProgress value)
    {
        lock (_lock)
        {
            _progress = value;
            if (!_hidden && _environment.Time.GetElapsedTime(_drawn) >= RedrawInterval)
            {
                Draw();
            }
        }
    }

    /// <summary>Hides the line, runs an action that prints, and shows the line again.</summary>
    public async ValueTask Above(Func<ValueTask> print)
    {
        Hide();
        await print();
        lock (_lock)
        {
            _hidden = false;
            Draw();
        }
    }

    /// <summary>Removes the line.</summary>
    public void Dispose() => Hide();

    private void Hide()
    {
        lock (_lock)
        {
            if (!_hidden)
            {
                _hidden = true;
                _line?.CursorHorizontalAbsolute(1).EraseInLine(2);
                _environment.Error.Flush();
            }
        }
    }

    private void Draw()
    {
        if (_line is null)
        {
            return;
        }

        _drawn = _environment.Time.GetTimestamp();
        double seconds = Math.Max(_environment.Time.GetElapsedTime(_started).TotalSeconds, 0.001);
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{_progress.PageCount:N0} {(_progress.PageCount == 1 ? "page" : "pages")}, {_progress.JobCount:N0} jobs, {_progress.JobCount / seconds:N0} jobs/s");
        _line.CursorHorizontalAbsolute(1).EraseInLine(2).Write(text[..Math.Min(text.Length, Math.Max(_environment.Width() - 1, 0))]);
        _environment.Error.Flush();
    }
}
