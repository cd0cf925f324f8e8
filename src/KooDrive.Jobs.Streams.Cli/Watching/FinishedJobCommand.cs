using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>The command of <c>--exec</c>. The shell runs it for each job that finishes, with the event as JSON on its standard input.</summary>
internal sealed class FinishedJobCommand(string command)
{
    /// <summary>Runs the command and waits until it exits.</summary>
    /// <param name="change">The job that finished.</param>
    /// <param name="cancellationToken">Kills the command and the processes that it started.</param>
    /// <returns>The output of the command and the error message. Either may be empty.</returns>
    public async Task<(string Printed, string Problem)> RunAsync(JobChange change, CancellationToken cancellationToken)
    {
        try
        {
            using Process process = Process.Start(StartInfo())!;
            await using var printed = new ReadPipe(process.StandardOutput);
            await using var errors = new ReadPipe(process.StandardError);
            try
            {
                await WriteAsync(process, change, cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                string[] outputs = await Task.WhenAll(printed.TakeAsync(cancellationToken), errors.TakeAsync(cancellationToken));
                return (string.Concat(outputs).TrimEnd(), process.ExitCode == 0 ? "" : $"--exec: The command exited with code {process.ExitCode} for job {PlainText.OneLine(change.Job.TaskId)}.");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception exception)
        {
            return ("", $"--exec: The command could not be started for job {PlainText.OneLine(change.Job.TaskId)}: {exception.Message}.");
        }
    }

    private static async Task WriteAsync(Process process, JobChange change, CancellationToken cancellationToken)
    {
        var line = new ArrayBufferWriter<byte>();
        JsonLine.Write(line, change, JobsJsonContext.Default.JobChange);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(line.WrittenMemory, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command closed its standard input without reading all of it. Its exit code reports whether it succeeded.
        }
    }

    private ProcessStartInfo StartInfo()
    {
        string[] shell = OperatingSystem.IsWindows() ? ["cmd.exe", "/d", "/s", "/c", command] : ["/bin/sh", "-c", command];
        return new ProcessStartInfo(shell[0], shell[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    /// <summary>Reads one of the command's pipes continuously, so that the command never blocks on a full pipe.</summary>
    private sealed class ReadPipe : IAsyncDisposable
    {
        // When the command exits, its output is in the pipe. A background process that it started may keep the pipe open indefinitely.
        private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

        private readonly StringBuilder _text = new();
        private readonly CancellationTokenSource _end = new();
        private readonly Task _reading;

        public ReadPipe(StreamReader pipe) => _reading = ReadAsync(pipe);

        /// <summary>Returns the text that was written. Call this method after the command has exited.</summary>
        public async Task<string> TakeAsync(CancellationToken cancellationToken)
        {
            await _reading.WaitAsync(Grace, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            await StopAsync();
            return _text.ToString();
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _end.Dispose();
        }

        // An error while reading is ignored: the text that was read before is returned, and the exit code reports whether the command succeeded.
        private async Task StopAsync()
        {
            await _end.CancelAsync();
            await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task ReadAsync(StreamReader pipe)
        {
            char[] buffer = new char[1024];
            while (await pipe.ReadAsync(buffer, _end.Token) is > 0 and int read)
            {
                _text.Append(buffer, 0, read);
            }
        }
    }
}
