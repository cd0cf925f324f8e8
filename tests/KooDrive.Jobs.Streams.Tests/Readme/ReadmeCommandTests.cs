using System.CommandLine;
using System.Diagnostics;
using KooDrive.Jobs.Streams.Cli;
using KooDrive.Jobs.Streams.Tests.Cli;

namespace KooDrive.Jobs.Streams.Tests.Readme;

public sealed class ReadmeCommandTests
{
    // A shell parses the lines. The commands are replaced with functions that record their arguments.
    private const string Notes = """
        note() { for word; do printf '%s\036' "$word"; done; printf '\n'; }
        koojobs() { note "$@" >&3; }
        dotnet() { case "$*" in *KooDrive.Jobs.Streams.Cli\ --\ *) while [ "$1" != -- ]; do shift; done; shift; note "$@" >&3;; esac; }
        jq() { :; }

        """;

    public static TheoryData<int> Lines => [.. ReadmeText.Blocks("sh").Keys];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Parse_accepts_every_command_line_of_the_README(int line)
    {
        foreach (string[] arguments in await CommandsAsync(ReadmeText.Blocks("sh")[line]))
        {
            ParseResult parsed = KooJobsCommand.Parse(arguments, new KooJobs().Environment);

            Assert.True(parsed.Errors.Count == 0, $"koojobs {string.Join(' ', arguments)}: {string.Join(" ", parsed.Errors.Select(error => error.Message))}");
        }
    }

    [Fact]
    public async Task Readme_contains_command_lines()
    {
        List<string[]>[] all = await Task.WhenAll(ReadmeText.Blocks("sh").Values.Select(CommandsAsync));

        Assert.True(all.Sum(commands => commands.Count) >= 5);
    }

    [Fact]
    public async Task Commands_are_found_in_pipes_redirections_and_dotnet_run()
    {
        List<string[]> commands = await CommandsAsync("""
            koojobs list --parallel 8 | jq -r 'select(.a != 1) | .b'
            koojobs watch --exec 'notify "$(jq -r .taskId)"' > file
            dotnet run --project src/KooDrive.Jobs.Streams.Cli -- list --emulator
            dotnet test

            """);

        Assert.Equal(
            ["list|--parallel|8", "watch|--exec|notify \"$(jq -r .taskId)\"", "list|--emulator"],
            commands.Select(words => string.Join('|', words)).Order(StringComparer.Ordinal).OrderBy(text => text.Contains("emulator", StringComparison.Ordinal)));
    }

    private static async Task<List<string[]>> CommandsAsync(string block)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string notes = Path.Combine(folder.FullName, "notes");
            var start = new ProcessStartInfo("/bin/sh", ["-euc", $"exec 3> '{notes}'\n{Notes}{block}"])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            };

            // The test must not run any other command.
            start.Environment["PATH"] = "";
            using Process shell = Process.Start(start)!;
            shell.StandardInput.Close();
            string errors = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(shell.ExitCode == 0 && errors.Length == 0, errors);
            return [.. (await File.ReadAllLinesAsync(notes, TestContext.Current.CancellationToken)).Select(Words)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Words(string note) => note.Split('\x1e')[..^1];
}
