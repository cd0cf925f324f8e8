using KooDrive.Jobs.Streams.Cli.Execution;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class UsageTests
{
    private static readonly string[] Server = ["list", "--endpoint", "http://127.0.0.1:9", "--user-id", "1"];

    [Theory]
    [InlineData("list --token confidential")]
    [InlineData("list --token=confidential")]
    [InlineData("--token confidential list")]
    public async Task RunAsync_does_not_repeat_the_value_of_an_unknown_option(string arguments)
    {
        var command = new KooJobs();

        Assert.Equal(ExitCode.Usage, await command.RunAsync(arguments.Split(' ')));

        Assert.Contains("'--token' is unknown", command.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("confidential", command.ErrorText + command.OutputText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list --page-size 1", "--page-size: '1' is not a whole number from 2 to 100.")]
    [InlineData("list --page-size 101", "--page-size: '101'")]
    [InlineData("list --page-size ten", "--page-size: 'ten'")]
    [InlineData("list --page-size", "--page-size")]
    [InlineData("list --max 0", "--max: '0' is not a whole number of 1 or more.")]
    [InlineData("list --parallel 33", "--parallel: '33' is not a whole number from 1 to 32.")]
    [InlineData("list --type copying", "--type: 'copying' is not a number or one of batch-replication, batch-deletion,")]
    [InlineData("list --status -1", "--status")]
    [InlineData("list --output xml", "--output: 'xml' is not one of table, ndjson, json, csv.")]
    [InlineData("list --output 1", "--output: '1'")]
    [InlineData("list --max 1 --max 2", "--max")]
    [InlineData("list --user-id 1 --user-id 2", "--user-id")]
    [InlineData("list --token-file 1 --token-file 2", "--token-file")]
    [InlineData("list --pages 3", "--pages")]
    [InlineData("list @file", "@file")]
    [InlineData("lst", "'lst' is unknown. Did you mean 'list'?")]
    [InlineData("dashbord", "'dashbord' is unknown. Did you mean 'dashboard'?")]
    [InlineData("frobnicate", "'frobnicate' is unknown.")]
    [InlineData("help frobnicate", "'frobnicate' is unknown.")]
    [InlineData("help lst", "'lst' is unknown. Did you mean 'list'?")]
    [InlineData("help list watch", "'watch' is unknown.")]
    [InlineData("list --failed true", "'true' is unknown.")]
    [InlineData("list --faild", "'--faild' is unknown. Did you mean '--failed'?")]
    [InlineData("list --verbos", "'--verbos' is unknown. Did you mean '--verbose'?")]
    [InlineData("list --since yesterday", "--since: 'yesterday' is not a time such as 2026-01-31")]
    [InlineData("list --since=-Infinityd", "--since: '-Infinityd' is not a time such as 2026-01-31")]
    [InlineData("list --result bad", "--result: 'bad' is not a number or one of all-succeeded,")]
    [InlineData("completion tcsh", "SHELL: 'tcsh' is not one of bash, zsh, fish, pwsh.")]
    [InlineData("completion", "'SHELL'")]
    [InlineData("show", "'TASK_ID'")]
    [InlineData("emulator --port 65536", "--port: '65536' is not a whole number from 0 to 65535.")]
    [InlineData("emulator --jobs -1", "--jobs: '-1'")]
    [InlineData("emulator --speed NaN", "--speed: 'NaN' is not a number from")]
    [InlineData("emulator --seed x", "--seed: 'x'")]
    [InlineData("dashboard --port 65536", "--port: '65536' is not a whole number from 0 to 65535.")]
    [InlineData("dashboard --port http", "--port: 'http'")]
    [InlineData("dashboard --interval 0", "--interval: '0' is not a number of seconds from 0.1 to 86400.")]
    [InlineData("dashboard --pages 3", "--pages")]
    [InlineData("dashboard 8080", "8080")]
    public async Task RunAsync_exits_2_and_names_an_invalid_argument(string arguments, string message)
    {
        var run = new KooJobs();

        Assert.Equal(ExitCode.Usage, await run.RunAsync(arguments.Split(' ')));
        Assert.Contains(message, run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("--help' to see its arguments and options.", run.ErrorText, StringComparison.Ordinal);
        Assert.Empty(run.OutputText);
    }

    [Theory]
    [InlineData(8, "0001-01-01")]
    [InlineData(-8, "9999-12-31T23:00")]
    public async Task RunAsync_exits_2_when_a_local_time_does_not_exist_in_UTC(int offset, string since)
    {
        var run = new KooJobs { Zone = TimeZoneInfo.CreateCustomTimeZone("Local", TimeSpan.FromHours(offset), "Local", "Local") };

        Assert.Equal(ExitCode.Usage, await run.RunAsync("list", "--since", since));

        Assert.Contains($"--since: '{since}' is not a time such as", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_hides_the_password_of_an_invalid_endpoint()
    {
        var command = new KooJobs();

        Assert.Equal(2, await command.RunAsync("list", "--endpoint", "ftp://alice:hidden@drive.example"));

        Assert.Contains("'ftp://***@drive.example' is not a base address", command.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", command.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_writes_help_to_standard_error_without_a_command()
    {
        var run = new KooJobs();

        Assert.Equal(ExitCode.Usage, await run.RunAsync());
        Assert.Contains("Usage:", run.ErrorText, StringComparison.Ordinal);
        Assert.Empty(run.OutputText);
    }

    [Theory]
    [InlineData("--help", "list")]
    [InlineData("list --help", "--token-file <FILE>")]
    [InlineData("emulator --help", "--port <N>")]
    [InlineData("dashboard --help", "--port <N>")]
    [InlineData("dashboard --help", "--interval <SECONDS>")]
    [InlineData("dashboard --help", "--emulator")]
    [InlineData("dashboard --help", "--verbose")]
    [InlineData("list --page-size 1 --help", "--page-size <N>")]
    public async Task RunAsync_writes_requested_help_to_standard_output(string arguments, string expected)
    {
        var run = new KooJobs();

        Assert.Equal(ExitCode.Success, await run.RunAsync(arguments.Split(' ')));
        Assert.Contains(expected, run.OutputText, StringComparison.Ordinal);
        Assert.Contains("koojobs", run.OutputText, StringComparison.Ordinal);
        Assert.Empty(run.ErrorText);
    }

    [Fact]
    public async Task RunAsync_reports_all_missing_options_without_a_server()
    {
        var run = new KooJobs();

        Assert.Equal(ExitCode.Usage, await run.RunAsync("list"));
        Assert.All(
            ["--endpoint", "KOODRIVE_ENDPOINT", "--emulator", "--user-id", "KOODRIVE_USER_ID", "--token-file", "KOODRIVE_TOKEN", "--app-id"],
            name => Assert.Contains(name, run.ErrorText, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--endpoint", "https://host")]
    [InlineData("--user-id", "1")]
    [InlineData("--token-file", "-")]
    [InlineData("--app-id", "1")]
    [InlineData("--app-secret-file", "x")]
    [InlineData("--authorization-prefix", "Bearer ")]
    [InlineData("--language", "en-US")]
    public async Task RunAsync_rejects_server_options_with_emulator(string option, string value)
    {
        var run = new KooJobs();

        Assert.Equal(ExitCode.Usage, await run.RunAsync("list", "--emulator", option, value));
        Assert.Contains($"{option} cannot be combined with --emulator.", run.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("ftp://host")]
    [InlineData("/path")]
    public async Task RunAsync_rejects_an_endpoint_that_is_not_a_base_address(string endpoint)
    {
        var run = new KooJobs { Variables = { ["KOODRIVE_ENDPOINT"] = endpoint, ["KOODRIVE_USER_ID"] = "1", ["KOODRIVE_TOKEN"] = "t" } };

        Assert.Equal(ExitCode.Usage, await run.RunAsync("list"));
        Assert.Contains($"KOODRIVE_ENDPOINT: '{endpoint}'", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_rejects_plain_http_to_another_host()
    {
        var run = new KooJobs { Variables = { ["KOODRIVE_TOKEN"] = "very-secret" } };

        Assert.Equal(ExitCode.Usage, await run.RunAsync("list", "--endpoint", "http://drive.example", "--user-id", "1"));
        Assert.Contains("--allow-http", run.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", run.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--token-file - --app-id 1", "", "--token-file cannot be combined with --app-id")]
    [InlineData("", "KOODRIVE_TOKEN=t KOODRIVE_APP_ID=1 KOODRIVE_APP_SECRET=s", "both set")]
    [InlineData("", "KOODRIVE_APP_ID=1", "--app-secret-file")]
    [InlineData("", "KOODRIVE_APP_SECRET=s", "--app-id")]
    [InlineData("--app-id 1", "KOODRIVE_TOKEN=t", "--app-secret-file")]
    [InlineData("--token-file /nowhere/token", "", "--token-file: Cannot read '/nowhere/token'")]
    [InlineData("--token-file -", "", "--token-file: Standard input is empty.")]
    [InlineData("--app-id 1 --app-secret-file /nowhere/secret", "", "--app-secret-file: Cannot read '/nowhere/secret'")]
    [InlineData("", "KOODRIVE_TOKEN=", "No credential")]
    public async Task RunAsync_rejects_missing_duplicate_and_unreadable_credentials(string arguments, string variables, string message)
    {
        var run = new KooJobs { Variables = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]) };

        Assert.Equal(ExitCode.Usage, await run.RunAsync([.. Server, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Contains(message, run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_rejects_an_empty_or_too_long_token_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            var empty = new KooJobs();
            Assert.Equal(ExitCode.Usage, await empty.RunAsync([.. Server, "--token-file", file]));
            Assert.Contains("is empty", empty.ErrorText, StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, new string('x', 100_000), TestContext.Current.CancellationToken);
            var overlong = new KooJobs();
            Assert.Equal(ExitCode.Usage, await overlong.RunAsync([.. Server, "--token-file", file]));
            Assert.Contains("longer than", overlong.ErrorText, StringComparison.Ordinal);
            Assert.DoesNotContain("xxx", overlong.ErrorText, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
