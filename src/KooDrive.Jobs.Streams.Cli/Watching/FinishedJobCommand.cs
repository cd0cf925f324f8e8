using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Cli.Watching;

/// <summary>The command of <c>--exec</c>: run through the shell for a job that finished, with the event as JSON on its standard input.</summary>
internal sealed class FinishedJobCommand(string command)
{
    /// <summary>Runs it and waits for its end.</summary>
    /// <param name="change">The job that finished.</param>
    /// <param name="cancellationToken">Ends the command and whatever it started.</param>
    /// <returns>What it printed, and what went wrong; both empty when there is nothing to say.</returns>
    public async Task<(string Printed, string Problem)> RunAsync(JobChange change, CancellationToken cancellationToken)
    {
        try
        {
            using Process process = Process.Start(StartInfo())!;
            await using var printed = new ReadPipe(process.StandardOutput);
            await using var complaints = new ReadPipe(process.StandardError);
            try
            {
                await WriteAsync(process, change, cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                string[] said = await Task.WhenAll(printed.TakeAsync(cancellationToken), complaints.TakeAsync(cancellationToken));
                return (string.Concat(said).TrimEnd(), process.ExitCode == 0 ? "" : $"--exec ended with {process.ExitCode} for job {change.Job.TaskId}.");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception exception)
        {
            return ("", $"--exec could not be started for job {change.Job.TaskId}: {exception.Message}.");
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
            // A command that does not read its input has closed it: its exit code tells how it went.
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

    /// <summary>Reads one of the command's pipes as it is written to, for the command must not wait for us.</summary>
    private sealed class ReadPipe : IAsyncDisposable
    {
        // What the command itself has printed is in the pipe when it has ended. What it left running holds the pipe open, for days perhaps.
        private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

        private readonly StringBuilder _text = new();
        private readonly CancellationTokenSource _end = new();
        private readonly Task _reading;

        public ReadPipe(StreamReader pipe) => _reading = ReadAsync(pipe);

        /// <summary>What was written, once the command has ended.</summary>
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

        // A pipe that breaks ends the reading as its end does: what came before counts, and the exit code says how the command went.
        private async Task StopAsync()
        {
            await _end.CancelAsync();
            await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task ReadAsync(StreamReader pipe)
        {
            var buffer = new char[1024];
            while (await pipe.ReadAsync(buffer, _end.Token) is > 0 and int read)
            {
                _text.Append(buffer, 0, read);
            }
        }
    }
}
