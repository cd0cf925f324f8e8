using System.Text.Json;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class ListTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_prints_the_documented_jobs_as_specified()
    {
        await using JobsEmulator emulator = await StartAsync(new() { Preset = JobsEmulatorPreset.DocumentedExample });
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list"));
        Assert.Equal(2, run.Lines.Length);
        Assert.Equal(
            """{"taskId":"1320279189273965056","taskType":2,"taskTypeName":"batchDeletion","actionType":201,"actionTypeName":"deletionToRecycleBin","status":2,"statusName":"completed","taskResultCode":1,"taskResultCodeName":"allSucceeded","contentNum":1,"containerId":"IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236","beginTime":"2023-12-27T15:19:04+00:00","endTime":"2023-12-27T15:19:04+00:00","createTime":"2023-12-27T15:19:04+00:00"}""",
            run.Lines[0]);
        Assert.Empty(run.ErrorText);
    }

    [Fact]
    public async Task List_with_emulator_prints_a_table_and_ignores_the_environment()
    {
        var run = new KooJobs { Terminal = true, Variables = { ["KOODRIVE_ENDPOINT"] = "https://drive.example", ["KOODRIVE_APP_ID"] = "1", ["NO_COLOR"] = "1" } };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list", "--emulator"));
        Assert.StartsWith("TASK ID ", run.Lines[0], StringComparison.Ordinal);
        Assert.Equal(251, run.Lines.Length);
        Assert.Matches("^Using an emulator in this process at http://127\\.0\\.0\\.1:[0-9]+ with 250 sample jobs\\.", run.ErrorText);
    }

    [Theory]
    [InlineData("ndjson", 230)]
    [InlineData("csv", 231)]
    [InlineData("table", 231)]
    public async Task List_prints_every_job_newest_first_in_every_format(string format, int lines)
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 230 });
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list", "--output", format));
        Assert.Equal(lines, run.Lines.Length);
        Assert.Equal(
            emulator.Jobs.Snapshot().Select(job => job.TaskId),
            run.Lines[^230..].Select(line => line.TrimStart('{').Replace("\"taskId\":\"", "", StringComparison.Ordinal)[..19]));
    }

    [Theory]
    [InlineData("batch-deletion", "completed")]
    [InlineData("2", "2")]
    public async Task List_sends_filters_to_the_server(string type, string status)
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list", "--type", type, "--status", status));
        Assert.Equal(emulator.Jobs.Snapshot(taskType: 2, status: 2).Select(job => job.TaskId), run.TaskIds());
        Assert.All(emulator.Requests.Snapshot(), request => Assert.Equal((2, 2), (request.Type, request.Status)));
    }

    [Theory]
    [InlineData("--failed")]
    [InlineData("--result all-failed")]
    [InlineData("--result 2 --max 3")]
    [InlineData("--failed --type 1 --max 1000")]
    public async Task List_applies_filters_that_the_API_does_not_have(string options)
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync(["list", .. options.Split(' ')]));

        IEnumerable<EmulatedJob> expected = emulator.Jobs.Snapshot().Where(job => job.IsFinished && job.TaskResultCode != 1);
        expected = options switch
        {
            "--failed" => expected,
            "--result all-failed" => expected.Where(job => job.TaskResultCode == 3),
            "--result 2 --max 3" => expected.Where(job => job.TaskResultCode == 2).Take(3),
            _ => expected.Where(job => job.TaskType == 1),
        };
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(job => job.TaskId), run.TaskIds());
    }

    [Fact]
    public async Task List_since_prints_newer_jobs_and_stops_reading_the_list()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 2000 });
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
        string last = emulator.Jobs.Snapshot()[150].CreateTime!;
        string since = $"{last[..4]}-{last[4..6]}-{last[6..8]}T{last[8..10]}:{last[10..12]}:{last[12..]}Z";

        Assert.Equal(ExitCode.Success, await run.RunAsync("list", "--since", since));

        Assert.Equal(emulator.Jobs.Snapshot().Where(job => string.CompareOrdinal(job.CreateTime, last) >= 0).Select(job => job.TaskId), run.TaskIds());
        Assert.InRange(emulator.Requests.Count, 2, 4);
    }

    [Theory]
    [InlineData("json", "]")]
    [InlineData("ndjson", "}")]
    public async Task List_that_fails_partway_leaves_valid_JSON(string format, string end)
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        emulator.Faults.When(request => request.Offset > 100, EmulatorFault.Fail(400));
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Failed, await run.RunAsync("list", "--output", format));

        Assert.EndsWith(end, run.OutputText.TrimEnd(), StringComparison.Ordinal);
        JsonDocument.Parse(format == "json" ? run.OutputText : $"[{run.OutputText.TrimEnd().Replace("\n", ",", StringComparison.Ordinal)}]");
    }

    [Fact]
    public async Task List_prints_one_JSON_array()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 230 });
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
        var none = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list", "-o", "json"));
        Assert.Equal(ExitCode.Success, await none.RunAsync("list", "-o", "json", "--result", "9"));

        Assert.Equal(
            emulator.Jobs.Snapshot().Select(job => job.TaskId),
            JsonDocument.Parse(run.OutputText).RootElement.EnumerateArray().Select(job => job.GetProperty("taskId").GetString()!));
        Assert.Equal(0, JsonDocument.Parse(none.OutputText).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task List_that_is_interrupted_prints_a_resume_point_that_fits_the_last_line()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        emulator.BeforeResponse = async (request, cancellationToken) =>
        {
            if (request.Number == 2)
            {
                await interrupt.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
        };
        var run = new KooJobs { Terminal = true, Width = 80, Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Interrupted, await run.RunAsync(interrupt.Token, "list"));

        string last = run.ErrorText.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("  --resume v3.", last, StringComparison.Ordinal);
        Assert.InRange(last.Length, 1, 80);
        emulator.BeforeResponse = null;
        var rest = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
        Assert.Equal(ExitCode.Success, await rest.RunAsync(["list", .. last.Trim().Split(' ')]));
        Assert.Equal(emulator.Jobs.Snapshot()[^1].TaskId, rest.TaskIds().Last());
    }

    [Fact]
    public async Task List_applies_page_size_max_and_parallel()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list", "--page-size", "20", "--max", "150", "--parallel", "4"));
        Assert.Equal(emulator.Jobs.Snapshot().Select(job => job.TaskId).Take(150), run.TaskIds());
        Assert.All(emulator.Requests.Snapshot(), request => Assert.Equal(20, request.Limit));
    }

    [Fact]
    public async Task List_sends_option_values_instead_of_environment_variables()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 1, AuthorizationPrefix = "Bearer " });
        Dictionary<string, string> variables = KooJobs.ConnectionTo(emulator);
        variables["KOODRIVE_LANGUAGE"] = "zh-CN";
        variables["KOODRIVE_USER_ID"] = "nobody";
        var run = new KooJobs { Variables = variables };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list", "--user-id", new JobsEmulatorOptions().UserId, "--authorization-prefix", "Bearer "));
        Assert.Single(run.Lines);
        Assert.All(emulator.Requests.Snapshot(), request => Assert.Equal("zh-CN", request.Headers["language"]));
    }

    [Fact]
    public async Task List_signs_requests_with_app_credentials()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 1 });
        Dictionary<string, string> variables = KooJobs.ConnectionTo(emulator);
        variables["KOODRIVE_TOKEN"] = "stale";
        using var secret = new TemporaryFile($"{new JobsEmulatorOptions().AppSecret}\n");
        var byOptions = new KooJobs { Variables = variables };
        Assert.Equal(ExitCode.Success, await byOptions.RunAsync("list", "--app-id", new JobsEmulatorOptions().AppId, "--app-secret-file", secret.Path));

        variables = new(variables) { ["KOODRIVE_APP_ID"] = new JobsEmulatorOptions().AppId, ["KOODRIVE_APP_SECRET"] = new JobsEmulatorOptions().AppSecret };
        variables.Remove("KOODRIVE_TOKEN");
        var byVariables = new KooJobs { Variables = variables };
        Assert.Equal(ExitCode.Success, await byVariables.RunAsync("list"));
    }

    [Fact]
    public async Task List_reads_the_token_from_standard_input()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 1 });
        Dictionary<string, string> variables = KooJobs.ConnectionTo(emulator);
        variables["KOODRIVE_TOKEN"] = "stale";
        var run = new KooJobs { Variables = variables, Input = $"  {new JobsEmulatorOptions().AccessToken}\r\n" };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list", "--token-file", "-"));
        Assert.Single(run.Lines);
    }

    [Fact]
    public async Task List_exits_130_when_it_is_interrupted_while_reading_the_token()
    {
        using var interrupt = new CancellationTokenSource();
        using var typed = new SemaphoreSlim(0);
        var run = new KooJobs { InputReader = new BlockedReader(interrupt, typed) };

        Assert.Equal(ExitCode.Interrupted, await run.RunAsync(interrupt.Token, "list", "--endpoint", "https://drive.example", "--user-id", "1", "--token-file", "-"));
        typed.Release();
    }

    [Fact]
    public async Task List_reads_the_token_file_again_when_the_token_is_rejected()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        using var token = new TemporaryFile($"{new JobsEmulatorOptions().AccessToken}\n");
        emulator.BeforeResponse = async (request, _) =>
        {
            if (request.Number == 2)
            {
                emulator.Credentials.ReplaceTokens("fresh-token");
                await File.WriteAllTextAsync(token.Path, "fresh-token\n", Cancellation);
            }
        };
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list", "--verbose", "--token-file", token.Path));
        Assert.Equal(300, run.Lines.Length);
        Assert.Contains(emulator.Requests.Snapshot(), request => request.StatusCode == 401);
        Assert.DoesNotContain("-token", run.ErrorText.Replace("--token-file", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_reports_a_rejected_token_that_cannot_be_read_again()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 1 });
        using var token = new TemporaryFile("stale");
        emulator.BeforeResponse = (_, _) =>
        {
            File.Delete(token.Path);
            return ValueTask.CompletedTask;
        };
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Failed, await run.RunAsync("list", "--token-file", token.Path));
        Assert.Contains($"koojobs: The server rejected the token, and no new token is available: --token-file: Cannot read '{token.Path}'", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_that_fails_partway_prints_jobs_and_a_resume_point()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        emulator.Faults.When(request => request.Offset > 100, EmulatorFault.Fail(400, "13000102", "no more"));
        var failed = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Failed, await failed.RunAsync("list"));
        string[] error = failed.ErrorText.Split(Environment.NewLine);
        Assert.StartsWith("koojobs: ", error[0], StringComparison.Ordinal);
        Assert.Contains("\"no more\"", error[0], StringComparison.Ordinal);
        Assert.Contains("--endpoint and --user-id", error[0], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failed.ErrorText, StringComparison.Ordinal);
        Assert.StartsWith("  --resume v3.", error[2], StringComparison.Ordinal);
        Assert.NotEmpty(failed.Lines);

        emulator.Faults.Clear();
        var resumed = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
        Assert.Equal(ExitCode.Success, await resumed.RunAsync(["list", .. error[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Equal(emulator.Jobs.Snapshot().Select(job => job.TaskId), failed.TaskIds().Concat(resumed.TaskIds()));
    }

    [Theory]
    [InlineData("v3.nonsense")]
    [InlineData("")]
    public async Task List_rejects_an_invalid_resume_point(string text)
    {
        var run = new KooJobs();

        Assert.Equal(ExitCode.Usage, await run.RunAsync("list", "--emulator", "--resume", text));
        Assert.Contains("--resume: The text is not a resume point.", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_rejects_a_resume_point_with_other_filters()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        emulator.Faults.When(request => request.Offset > 0, EmulatorFault.Fail(400));
        var failed = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
        await failed.RunAsync("list");
        string resumePoint = failed.ErrorText.Split("--resume ")[1].Trim();
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Usage, await run.RunAsync("list", "--type", "1", "--resume", resumePoint));
        Assert.Contains("other filters", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_writes_one_error_line_when_the_first_page_fails()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 3 });
        Dictionary<string, string> variables = KooJobs.ConnectionTo(emulator);
        variables["KOODRIVE_TOKEN"] = "very-secret";
        var run = new KooJobs { Variables = variables };

        Assert.Equal(ExitCode.Failed, await run.RunAsync("list", "--output", "csv"));
        Assert.Single(run.ErrorText.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("rejected the credentials", run.ErrorText, StringComparison.Ordinal);
        Assert.Empty(run.OutputText);
    }

    [Fact]
    public async Task List_with_verbose_prints_logs_and_the_stack_trace_without_secrets()
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 3 });
        Dictionary<string, string> variables = KooJobs.ConnectionTo(emulator);
        variables["KOODRIVE_TOKEN"] = "very-secret";
        var run = new KooJobs { Terminal = true, Variables = variables };

        Assert.Equal(ExitCode.Failed, await run.RunAsync("list", "--verbose"));
        Assert.Contains("KooDrive.Jobs.Streams.JobsClient: ", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("   at ", run.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", run.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_exits_130_when_interrupted_and_prints_the_jobs_read_before(bool terminal)
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        emulator.Faults.When(request => request.Offset > 0, EmulatorFault.NeverRespond);
        var run = new KooJobs { Terminal = terminal, Variables = KooJobs.ConnectionTo(emulator) };

        Task<int> running = run.RunAsync(interrupt.Token, "list", "--output", "ndjson");
        await emulator.Requests.WaitForCountAsync(2, Cancellation);
        await interrupt.CancelAsync();

        Assert.Equal(ExitCode.Interrupted, await running);
        Assert.Equal(100, run.Lines.Length);
        Assert.Contains("--resume v3.", run.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("koojobs: ", run.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(32, ExitCode.Success, "")]
    [InlineData(28, ExitCode.Failed, "koojobs: An input or output operation failed: out of it. Check the disk and the target of standard output.")]
    public async Task List_reports_write_errors_except_a_closed_pipe(int error, int exitCode, string message)
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 2000 });
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator), Output = new BrokenStream(new IOException("out of it", error)) };

        Assert.Equal(exitCode, await run.RunAsync("list"));
        Assert.Equal(message, run.ErrorText.Trim());
        Assert.InRange(emulator.Requests.Count, 1, 2);
    }

    [Theory]
    [InlineData(true, "", true)]
    [InlineData(true, "xterm", true)]
    [InlineData(true, "dumb", false)]
    [InlineData(false, "", false)]
    public async Task List_shows_progress_only_on_a_terminal_that_can_erase_a_line(bool terminal, string kind, bool shown)
    {
        await using JobsEmulator emulator = await StartAsync(new() { SampleJobCount = 300 });
        Dictionary<string, string> variables = KooJobs.ConnectionTo(emulator);
        variables["TERM"] = kind;
        variables["NO_COLOR"] = "1";
        var run = new KooJobs { Terminal = terminal, Variables = variables };

        Assert.Equal(ExitCode.Success, await run.RunAsync("list"));
        Assert.Equal(shown, run.ErrorText.Contains(" pages, ", StringComparison.Ordinal));
        Assert.Equal(shown, run.ErrorText.EndsWith("300 jobs" + Environment.NewLine, StringComparison.Ordinal));
    }

    private static Task<JobsEmulator> StartAsync(JobsEmulatorOptions options) => JobsEmulator.StartAsync(options, cancellationToken: Cancellation);

    /// <summary>A console on which the user presses Ctrl-C instead of typing: the read does not return.</summary>
    private sealed class BlockedReader(CancellationTokenSource interrupt, SemaphoreSlim typed) : TextReader
    {
        public override ValueTask<int> ReadBlockAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            interrupt.Cancel();
            typed.Wait(CancellationToken.None);
            return ValueTask.FromResult(0);
        }
    }

    private sealed class BrokenStream(IOException exception) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromException(exception);
    }
}
