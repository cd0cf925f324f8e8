using System.Diagnostics;
using System.Text;

namespace KooDrive.Jobs.Streams.Tests.Packages;

/// <summary>A shell of a new user: without settings of this machine, and with the folder <c>tools</c> of the user's home on the path.</summary>
internal sealed class UserShell(string home, string folder)
{
    /// <summary>Runs lines until the shell exits, and returns their standard output. Fails with the whole output if a line fails.</summary>
    public async Task<string> RunAsync(string lines)
    {
        using Process shell = Process.Start(StartInfo(lines, redirectsError: true))!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(shell.ExitCode == 0, $"{lines}: {shell.ExitCode}\n{await output}\n{await error}");
        return await output;
    }

    /// <summary>Starts lines that run until the returned object is disposed, as in another terminal.</summary>
    public RunningProgram Start(string lines) => new(StartInfo(lines, redirectsError: false));

    private ProcessStartInfo StartInfo(string lines, bool redirectsError)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-euc", lines])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = redirectsError,
            StandardOutputEncoding = Encoding.UTF8,
        };
        DotnetCommand.RemoveVariablesOfTests(start);
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("KOODRIVE", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment.Remove("NUGET_PACKAGES");
        start.Environment["HOME"] = home;
        start.Environment["DOTNET_CLI_HOME"] = home;
        start.Environment["PATH"] = $"{Path.Combine(home, "tools")}:{start.Environment["PATH"]}";

        // Any free port, and a warning of the build is an error.
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["TreatWarningsAsErrors"] = "true";
        return start;
    }
}
