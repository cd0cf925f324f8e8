using System.Diagnostics;

namespace KooDrive.Jobs.Streams.Tests.Packages;

/// <summary>Runs <c>dotnet</c>, or a program that it built, with the environment of an ordinary shell.</summary>
internal static class DotnetCommand
{
    /// <summary>Runs the program until it exits and returns its standard output. Fails with the whole output if the program fails.</summary>
    public static async Task<string> RunAsync(string program, string workingFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        RemoveVariablesOfTests(start);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {process.ExitCode}\n{await output}\n{await error}");
        return await output;
    }

    /// <summary>Removes the variables that <c>dotnet test</c> sets for its child processes, and turns off servers that outlive a command.</summary>
    public static void RemoveVariablesOfTests(ProcessStartInfo start)
    {
        // They would make another build use the files of the tests.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        // A build server that keeps running would keep the output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
    }
}
