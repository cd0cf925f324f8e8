using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Cli;

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
            Task<string> printed = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> complaints = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await WriteAsync(process, change, cancellationToken);
                string said = (await printed + await complaints).TrimEnd();
                await process.WaitForExitAsync(cancellationToken);
                return (said, process.ExitCode == 0 ? "" : $"--exec ended with {process.ExitCode} for job {change.Job.TaskId}.");
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
        using (var json = new Utf8JsonWriter(line, JobJson.Options))
        {
            EventJson.Write(json, change);
        }

        line.Write("\n"u8);
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
}
