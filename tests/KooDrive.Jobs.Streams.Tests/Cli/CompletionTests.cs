using System.Diagnostics;
using KooDrive.Jobs.Streams.Cli;
using KooDrive.Jobs.Streams.Cli.Execution;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class CompletionTests
{
    [Theory]
    [InlineData("koojobs li", "list")]
    [InlineData("koojobs list --type batch-d", "batch-deletion")]
    [InlineData("koojobs list --status ", "canceled completed pending processing")]
    [InlineData("koojobs list --output ", "csv json ndjson table")]
    [InlineData("koojobs list -o j", "json")]
    [InlineData("koojobs completion ", "--help --verbose bash fish pwsh zsh")]
    [InlineData("koojobs list --fail", "--failed")]
    [InlineData("koojobs list --failed --fail", "")]
    [InlineData("koojobs com", "completion")]
    [InlineData("koojobs list --max 1", "")]
    [InlineData("koojobs list --failed --ty", "--type")]
    [InlineData("koojobs --verbose li", "list")]
    [InlineData("koojobs list --emulator --failed --out", "--output")]
    [InlineData("koojobs list --output=js", "--output=json")]
    [InlineData("koojobs list -o=j", "-o=json")]
    [InlineData("koojobs list --max=", "")]
    [InlineData("koojobs list --output=json --out", "")]
    [InlineData("koojobs dashboard --user-id 1 --user", "--user-id")]
    [InlineData("koojobs list --user-id 1 --user", "")]
    [InlineData("koojobs nope ", "")]
    [InlineData("koojobs he", "help")]
    [InlineData("koojobs help lis", "list")]
    [InlineData("koojobs help na", "names")]
    public async Task Complete_prints_the_words_that_can_follow(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', (await CompleteAsync(line)).Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("koojobs ")]
    [InlineData("koojobs list ")]
    [InlineData("koojobs watch --")]
    [InlineData("koojobs list --type ")]
    [InlineData("koojobs list --result ")]
    public async Task Complete_suggests_nothing_twice_and_no_short_forms(string line)
    {
        string[] words = await CompleteAsync(line);

        Assert.NotEmpty(words);

        // Also not with and without hyphens: BatchDeletion and batch-deletion. The command `help` is not the option `--help`.
        Assert.Equal(words.Select(word => (word.StartsWith('-'), word.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant())).Distinct().Count(), words.Length);
        Assert.DoesNotContain(words, word => word.Length == 2 || word.StartsWith('/') || word == "complete");
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Completion_prints_a_script_with_install_instructions(string shell)
    {
        var run = new KooJobs();

        Assert.Equal(ExitCode.Success, await run.RunAsync("completion", shell));
        Assert.Contains($"# For all shells:  koojobs completion {shell} >", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("koojobs complete -- ", run.OutputText, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("koojobs list --type batch-d", "batch-deletion")]
    [InlineData("koojobs list --type=batch-d", "batch-deletion")]
    [InlineData("koojobs list --failed --ty", "--type")]
    public async Task Bash_completes_with_the_script(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no /bin/bash.");
        var script = new KooJobs();
        await script.RunAsync("completion", "bash");
        string dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        string test = $$"""
            koojobs() { '{{dotnet}}' '{{typeof(KooJobsCommand).Assembly.Location}}' "$@"; }
            {{script.OutputText}}
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}
            _koojobs
            echo "${COMPREPLY[@]}"
            """;

        // The script of an interactive shell: a word ends at an equals sign.
        var start = new ProcessStartInfo("/bin/bash", ["--norc", "-c", test]) { RedirectStandardOutput = true };
        start.Environment["COMP_WORDBREAKS"] = " \t\n\"'><=;|&(:";
        using Process bash = Process.Start(start)!;

        Assert.Equal(expected, (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
    }

    private static async Task<string[]> CompleteAsync(string line)
    {
        var run = new KooJobs();
        Assert.Equal(ExitCode.Success, await run.RunAsync("complete", "--", line));
        Assert.Empty(run.ErrorText);
        return run.Lines;
    }
}
