using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Tests.Packages;

/// <summary>A program that runs until it is disposed. Its output is read line by line.</summary>
internal sealed class RunningProgram : IDisposable
{
    private readonly Process _process;

    /// <param name="start">The program. Its standard output is redirected.</param>
    public RunningProgram(ProcessStartInfo start) => _process = Process.Start(start)!;

    /// <summary>Returns the first line that contains the text, and reads no further.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        List<string> lines = [];
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }

            lines.Add(line);
        }

        throw new InvalidOperationException($"The program ended before it wrote '{text}':{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
