using System.Diagnostics;
using KooDrive.Jobs.Streams.Cli;

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
        Assert.Equal(words.Select(word => word.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()).Distinct().Count(), words.Length);
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

    [Fact(Timeout = 120_000)]
    public async Task Bash_completes_with_the_script()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no /bin/bash.");
        var script = new KooJobs();
        await script.RunAsync("completion", "bash");
        string test = $$"""
            koojobs() { '{{Environment.ProcessPath}}' '{{typeof(KooJobsCommand).Assembly.Location}}' "$@"; }
            {{script.OutputText}}
            COMP_LINE='koojobs list --type batch-d'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(koojobs list --type batch-d); COMP_CWORD=3
            _koojobs
            echo "${COMPREPLY[@]}"
            """;
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) != "dotnet")
        {
            test = test.Replace($"'{Environment.ProcessPath}'", "dotnet", StringComparison.Ordinal);
        }

        using Process bash = Process.Start(new ProcessStartInfo("/bin/bash", ["--norc", "-c", test]) { RedirectStandardOutput = true })!;

        Assert.Equal("batch-deletion", (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
    }

    private static async Task<string[]> CompleteAsync(string line)
    {
        var run = new KooJobs();
        Assert.Equal(ExitCode.Success, await run.RunAsync("complete", "--", line));
        Assert.Empty(run.ErrorText);
        return run.Lines;
    }
}
