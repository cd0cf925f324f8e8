using System.CommandLine;
using KooDrive.Jobs.Streams.Cli;
using KooDrive.Jobs.Streams.Cli.Execution;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class HelpTests
{
    private static readonly string[] ConnectionNames = ["--emulator", "--endpoint", "--user-id", "--token-file", "--app-id", "--app-secret-file", "--language", "--allow-http"];

    public static TheoryData<string> Commands => ["", "list", "show", "watch", "wait", "dashboard", "emulator", "completion", "help"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_fits_on_a_terminal_of_80_columns_and_30_rows(string command)
    {
        string[] lines = await HelpAsync(command);

        Assert.InRange(lines.Length, 5, 29);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_has_every_option_examples_and_exit_codes(string command)
    {
        string[] lines = await HelpAsync(command);
        ParseResult parsed = KooJobsCommand.Parse([command], new KooJobs().Environment);

        Assert.All(parsed.CommandResult.Command.Options, option => Assert.Contains(lines, line => line.Contains($"{option.Name} ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("Example: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Exit codes: 0 success, 1 failure, 2 usage error", StringComparison.Ordinal));
        Assert.Equal(command == "wait", lines.Any(line => line.Contains("3 not all jobs succeeded", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("watch")]
    [InlineData("wait")]
    [InlineData("dashboard")]
    public async Task Help_lists_the_options_of_the_connection_last(string command)
    {
        string[] lines = await HelpAsync(command);
        int title = Array.FindIndex(lines, line => line.StartsWith("Connection", StringComparison.Ordinal));

        string[] options = [.. lines[(title + 1)..].Where(line => line.StartsWith("  --", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[0])];
        Assert.Superset(ConnectionNames.ToHashSet(), options.ToHashSet());
        Assert.All(ConnectionNames, name => Assert.DoesNotContain(lines[..title], line => line.StartsWith($"  {name} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help list", "list --help")]
    [InlineData("help help", "help --help")]
    [InlineData("list -h", "list --help")]
    public async Task Help_can_be_requested_as_a_command(string command, string option)
    {
        var first = new KooJobs();
        var second = new KooJobs();

        Assert.Equal(ExitCode.Success, await first.RunAsync(command.Split(' ')));
        Assert.Equal(ExitCode.Success, await second.RunAsync(option.Split(' ')));
        Assert.Equal(second.OutputText, first.OutputText);
        Assert.NotEmpty(first.OutputText);
    }

    [Fact]
    public async Task Help_lists_the_names_and_numbers_that_options_accept()
    {
        var run = new KooJobs();

        Assert.Equal(ExitCode.Success, await run.RunAsync("help", "names"));
        Assert.Contains("  7  recycle-bin-clearance", run.Lines);
        Assert.Contains("  3  canceled", run.Lines);
        Assert.Contains("  2  partially-failed", run.Lines);
    }

    private static async Task<string[]> HelpAsync(string command)
    {
        var run = new KooJobs();
        Assert.Equal(ExitCode.Success, await run.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]));
        return run.OutputText.TrimEnd().Split('\n');
    }
}
