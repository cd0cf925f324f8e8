using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Output;
using KooDrive.Jobs.Streams.Cli.Watching;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public partial class WatchTests
{
    private const StringSplitOptions CellSplit = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    private static readonly string[] Often = ["--interval", "0.1"];

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_prints_one_JSON_object_per_event()
    {
        await using JobsEmulator emulator = await StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2, actionType: 201);
        ActOnRequest(emulator, (2, () => emulator.Jobs.Start(job.TaskId)), (4, () => emulator.Jobs.Finish(job.TaskId, taskResultCode: 2)));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        int code = await command.RunAsync(["watch", "--until-idle", .. Often]);

        Assert.Equal(ExitCode.Success, code);
        JsonElement[] events = [.. command.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["snapshot", "synced", "pollCompleted", "changed"], events.Take(4).Select(Name));
        Assert.Equal(["changed", "pollCompleted"], events.TakeLast(2).Select(Name));
        Assert.Equal(job.TaskId, events[0].GetProperty("current").GetProperty("taskId").GetString());
        JsonElement finished = events[^2];
        Assert.Equal(job.TaskId, finished.GetProperty("taskId").GetString());
        Assert.Equal((job.TaskId, 1), (finished.GetProperty("previous").GetProperty("taskId").GetString(), finished.GetProperty("previous").GetProperty("status").GetInt32()));
        Assert.Equal((2, 2), (finished.GetProperty("current").GetProperty("status").GetInt32(), finished.GetProperty("current").GetProperty("taskResultCode").GetInt32()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$", finished.GetProperty("observedAt").GetString());

        // The second request proves the end of the list, which is read to its end while the newest job is new.
        Assert.Equal((2, 1), (events[^1].GetProperty("requests").GetInt32(), events[^1].GetProperty("changes").GetInt32()));
    }

    [Fact]
    public async Task Watch_until_idle_ends_immediately_without_unfinished_jobs()
    {
        await using JobsEmulator emulator = await StartAsync();
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await command.RunAsync("watch", "--until-idle"));

        Assert.Equal(["synced", "pollCompleted"], command.Lines.Select(Name));
    }

    [Fact]
    public async Task Watch_prints_only_changes_and_ends_after_the_specified_time()
    {
        await using JobsEmulator emulator = await StartAsync();
        emulator.Jobs.Add(taskType: 2);
        ActOnRequest(emulator, (3, () => emulator.Jobs.Add(taskType: 4)));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await command.RunAsync(["watch", "--changes-only", "--for", "2", .. Often]));

        Assert.Equal(["added"], command.Lines.Select(Name));
    }

    [Fact]
    public async Task Watch_reports_a_failed_poll_and_continues()
    {
        await using JobsEmulator emulator = await StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        emulator.Faults.When(request => request.Number == 2, EmulatorFault.Throttle(TimeSpan.FromHours(1)));
        ActOnRequest(emulator, (2, () => emulator.Jobs.Finish(job.TaskId)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        using var output = new WatchedOutput(line =>
        {
            if (Name(line) == "pollFailed")
            {
                stop.Cancel();
            }
        });
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator), Output = output };

        Assert.Equal(ExitCode.Interrupted, await command.RunAsync(stop.Token, ["watch", .. Often]));

        JsonElement failed = JsonDocument.Parse(command.Lines[^1]).RootElement;
        Assert.InRange(failed.GetProperty("retryInSeconds").GetDouble(), 3600, 2 * 3600);
        Assert.NotEmpty(failed.GetProperty("error").GetString()!);
    }

    [Fact(Timeout = 120_000)]
    public async Task Watch_with_a_checkpoint_reports_a_failed_first_poll()
    {
        await using JobsEmulator emulator = await StartAsync();
        emulator.Faults.When(_ => true, EmulatorFault.Throttle(TimeSpan.FromHours(1)));
        using var file = new TemporaryFile("");
        File.Delete(file.Path);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var output = new WatchedOutput(_ => stop.Cancel());
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator), Output = output };

        Assert.Equal(ExitCode.Interrupted, await command.RunAsync(stop.Token, ["watch", "--checkpoint", file.Path, .. Often]));

        Assert.Equal("pollFailed", Name(Assert.Single(command.Lines)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Watch_with_changes_only_reports_failed_polls_on_standard_error()
    {
        await using JobsEmulator emulator = await StartAsync();
        emulator.Faults.When(_ => true, EmulatorFault.Throttle(TimeSpan.FromHours(1)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var error = new WatchedError(_ => stop.Cancel());
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator), Error = error };

        Assert.Equal(ExitCode.Interrupted, await command.RunAsync(stop.Token, ["watch", "--changes-only", .. Often]));

        Assert.Matches(@"^koojobs: \d\d:\d\d:\d\d  poll failed: .+ Retry in \d+(\.\d)? s\.\r?\n$", command.ErrorText);
        Assert.Empty(command.OutputText);
    }

    [Fact]
    public async Task Watch_with_changes_only_reports_gaps_on_standard_error()
    {
        var command = new KooJobs();
        var session = new WatchSession(command.Environment, EventFormat.Ndjson) { ChangesOnly = true };

        await session.HandleAsync(
            new WatchGap { Reason = WatchGapReason.OrderChanged, Message = "Changes may be missing.", ObservedAt = DateTimeOffset.UnixEpoch }, TestEnd);

        Assert.Equal("koojobs: 00:00:00  gap        Changes may be missing.", command.ErrorText.TrimEnd());
        Assert.Empty(command.OutputText);
    }

    [Fact]
    public async Task Watch_ends_with_a_non_transient_error()
    {
        await using JobsEmulator emulator = await StartAsync();
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
        command.Variables["KOODRIVE_TOKEN"] = "another";

        Assert.Equal(ExitCode.Failed, await command.RunAsync("watch"));

        Assert.Single(command.ErrorText.TrimEnd().Split('\n'));
        Assert.DoesNotContain("another", command.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_runs_a_command_per_finished_job_and_reports_its_failure()
    {
        await using JobsEmulator emulator = await StartAsync();
        emulator.Jobs.Add(new EmulatedJob { TaskId = "7", TaskType = 1, Status = 2, TaskResultCode = 1 });
        EmulatedJob[] jobs = [emulator.Jobs.Add(taskType: 2), emulator.Jobs.Add(taskType: 2)];
        ActOnRequest(
            emulator,
            (2, () => emulator.Jobs.Finish(jobs[0].TaskId)),
            (3, () => emulator.Jobs.Finish(jobs[1].TaskId, taskResultCode: 3)));
        using var file = new TemporaryFile("");
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        int code = await command.RunAsync(["watch", "--until-idle", "--exec", $"cat >> '{file.Path}'; echo heard; exit 5", .. Often]);

        Assert.Equal(ExitCode.Success, code);
        string[] lines = await File.ReadAllLinesAsync(file.Path, TestEnd);
        Assert.Equal(jobs.Select(job => job.TaskId), lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("taskId").GetString()));
        Assert.Equal(2, command.ErrorText.Split("heard").Length - 1);
        Assert.Contains($"--exec: The command exited with code 5 for job {jobs[0].TaskId}.", command.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("heard", command.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_exec_prints_the_id_of_a_job_without_control_characters()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The command is that of a POSIX shell.");
        await using JobsEmulator emulator = await StartAsync();
        emulator.Jobs.Add(new EmulatedJob { TaskId = "7\u001b[2J", TaskType = 1, Status = 1 });
        ActOnRequest(emulator, (2, () => emulator.Jobs.Finish("7\u001b[2J")));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await command.RunAsync(["watch", "--until-idle", "--exec", "exit 5", .. Often]));

        Assert.Contains("--exec: The command exited with code 5 for job 7", command.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', command.ErrorText);
    }

    [Fact(Timeout = 120_000)]
    public async Task Watch_continues_when_a_background_process_of_the_command_runs()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // The shell of Windows does not start background processes this way.
        }

        await using JobsEmulator emulator = await StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        ActOnRequest(emulator, (2, () => emulator.Jobs.Finish(job.TaskId)));
        using var started = new TemporaryFile("");
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
        try
        {
            int code = await command.RunAsync(TestContext.Current.CancellationToken, ["watch", "--until-idle", "--exec", $"sleep 600 & echo $! > '{started.Path}'; echo heard; exit 5", .. Often]);

            Assert.Equal(ExitCode.Success, code);
            Assert.Contains("heard", command.ErrorText, StringComparison.Ordinal);
            Assert.Contains($"--exec: The command exited with code 5 for job {job.TaskId}.", command.ErrorText, StringComparison.Ordinal);
        }
        finally
        {
            Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(started.Path, CancellationToken.None), CultureInfo.InvariantCulture)).Kill();
        }
    }

    [Theory]
    [InlineData(120, "TASK ID|TYPE|STATUS|DONE|CREATED")]
    [InlineData(80, "TASK ID|TYPE|STATUS|DONE|CREATED")]
    [InlineData(60, "TASK ID|STATUS|DONE")]
    [InlineData(40, "TASK ID|STATUS|DONE")]
    public async Task Watch_fits_lines_and_table_to_the_terminal(int width, string columns)
    {
        await using JobsEmulator emulator = await StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: (int)JobType.RecycleBinClearance);
        ActOnRequest(
            emulator,
            (2, () => emulator.Jobs.Start(job.TaskId)),
            (3, () => emulator.Jobs.SetProgress(job.TaskId, 100)),
            (4, () => emulator.Jobs.Finish(job.TaskId, taskResultCode: 2)));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator), Terminal = true, Width = width };

        Assert.Equal(ExitCode.Success, await command.RunAsync(["watch", "--until-idle", .. Often]));

        string[] lines = [.. AnsiSequence().Replace(command.OutputText, "").Split('\n').Where(line => line.Length > 0)];
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
        string[] titles = lines.First(line => line.StartsWith("TASK ID", StringComparison.Ordinal)).Split("  ", CellSplit);
        Assert.Equal(columns.Split('|'), titles);
        string[][] rows = [.. lines.Where(line => line.StartsWith(job.TaskId, StringComparison.Ordinal)).Select(line => line.Split("  ", CellSplit))];
        Assert.All(rows, row => Assert.Equal(titles.Length, row.Length));
        int status = Array.IndexOf(titles, "STATUS");
        Assert.Equal(["pending", "processing"], rows.Select(row => row[status]).Distinct());
        Assert.Contains(rows, row => row[Array.IndexOf(titles, "DONE")] == "100 %");

        // Columns may be dropped and lines may be broken, but words are not.
        Assert.Contains(lines, line => line.EndsWith(" partially-failed", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" clearance", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("1 unfinished", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(JobType.CloudDecompression, JobResult.PartiallyFailed)]
    [InlineData(JobType.RecycleBinClearance, JobResult.AllFailed)]
    [InlineData((JobType)12, JobResult.AllSucceeded)]
    [InlineData(null, null)]
    public void Each_change_fits_80_columns_with_time_id_type_and_what_happened(JobType? type, JobResult? result)
    {
        Job running = new() { TaskId = "1320279189273965056", Type = type, Status = JobStatus.Processing };
        Job finished = running with { Status = JobStatus.Completed, Result = result };
        string[] what = result is { } known ? ["added, processing", $"processing -> {EnumNames<JobResult>.Format(known)}", $"{EnumNames<JobResult>.Format(known)} -> processing", "vanished"] : ["added, processing", "processing -> completed", "completed -> processing", "vanished"];
        JobChange[] changes =
        [
            new JobAdded { Job = running },
            new JobChanged { Job = finished, Previous = running },
            new JobChanged { Job = running, Previous = finished },
            new JobVanished { Job = finished },
        ];

        string[] lines = [.. changes.Select(change => EventText.Describe(change, unfinished: 0, width: 79, TimeZoneInfo.Utc)!.Value.Text)];

        string shown = type is null ? "-" : EnumNames<JobType>.Format(type).Split('-').First(word => word is "decompression" or "clearance" or "12");
        Assert.Equal(what.Select(text => $"00:00:00  1320279189273965056  {shown,-13}  {text}"), lines);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 79));
    }

    [Fact]
    public async Task Watch_ends_text_with_a_summary()
    {
        await using JobsEmulator emulator = await StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        string added = "";
        ActOnRequest(
            emulator,
            (3, () => added = emulator.Jobs.Add(taskType: 4).TaskId),
            (5, () => emulator.Jobs.Finish(job.TaskId)),
            (7, () => emulator.Jobs.Finish(added, taskResultCode: 3)));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        await command.RunAsync(["watch", "--until-idle", "--output", "text", .. Often]);

        Assert.Matches(@"^1 job added, 2 finished, 1 of them failed or canceled; watched for 00:\d\d:\d\d$", command.ErrorText.TrimEnd());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NO_COLOR_removes_the_color_and_not_the_live_table(bool hasColor)
    {
        var run = new KooJobs { Terminal = true, Width = 80, Variables = { ["NO_COLOR"] = hasColor ? "" : "1" } };
        var session = new WatchSession(run.Environment, EventFormat.Text);
        Job job = new() { TaskId = "1", Status = JobStatus.Processing };

        await session.HandleAsync(new JobListed { Job = job }, TestEnd);
        await session.HandleAsync(new WatchSynced(), TestEnd);
        await session.HandleAsync(new JobChanged { Job = job with { Status = JobStatus.Completed, Result = JobResult.AllFailed }, Previous = job }, TestEnd);

        Assert.Contains("TASK ID", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("\u001b[0J", run.OutputText, StringComparison.Ordinal);
        Assert.Equal(hasColor, ColorSequence().IsMatch(run.OutputText));
    }

    [Fact]
    public void Failed_polls_differ_from_failed_jobs_in_text_and_in_color()
    {
        Job job = new() { TaskId = "1", Status = JobStatus.Completed, Result = JobResult.AllFailed };
        (string Text, Style Style) ofJob = EventText.Describe(new JobAdded { Job = job }, unfinished: 0)!.Value;
        (string Text, Style Style) ofPoll = EventText.Describe(new PollFailed { Exception = new JobsServerException("down"), ConsecutiveFailureCount = 1, Delay = TimeSpan.FromSeconds(5) }, unfinished: 0)!.Value;

        Assert.Contains("  poll failed: down", ofPoll.Text, StringComparison.Ordinal);
        Assert.NotEqual(ofJob.Style.Foreground, ofPoll.Style.Foreground);
    }

    [Fact]
    public async Task Watch_with_a_checkpoint_counts_the_unfinished_jobs_when_it_resumes()
    {
        await using JobsEmulator emulator = await StartAsync();
        string[] taskIds = [.. Enumerable.Range(0, 4).Select(_ => emulator.Jobs.Add(taskType: 2).TaskId)];
        using var file = new TemporaryFile("");
        File.Delete(file.Path);
        string[] arguments = ["watch", "--checkpoint", file.Path, "--output", "text", .. Often];
        var first = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
        await first.RunAsync([.. arguments, "--for", "1"]);
        Assert.EndsWith("synced     4 jobs unfinished", first.Lines[0], StringComparison.Ordinal);
        long before = emulator.Requests.Count;
        ActOnRequest(emulator, [.. taskIds.Select((taskId, index) => (before + 6 + index, (Action)(() => emulator.Jobs.Finish(taskId))))]);
        var second = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        // Idle is when all four have finished, not when the watch resumes.
        Assert.Equal(ExitCode.Success, await second.RunAsync([.. arguments, "--until-idle"]));

        Assert.EndsWith("synced     4 jobs unfinished", second.Lines[0], StringComparison.Ordinal);
        Assert.Equal(5, second.Lines.Length);
    }

    [Fact]
    public async Task Watch_draws_a_table_on_a_terminal_and_removes_it_at_the_end()
    {
        await using JobsEmulator emulator = await StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        ActOnRequest(emulator, (3, () => emulator.Jobs.Finish(job.TaskId, taskResultCode: 2)));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator), Terminal = true };

        Assert.Equal(ExitCode.Success, await command.RunAsync(["watch", "--until-idle", .. Often]));

        Assert.Contains("synced     1 job unfinished", command.OutputText, StringComparison.Ordinal);
        Assert.Contains("TASK ID", command.OutputText, StringComparison.Ordinal);
        Assert.Contains("pending -> partially-failed", command.OutputText, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[0J", command.OutputText.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watch_shows_times_in_the_local_time_zone(bool isTerminal)
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("Nepal", new TimeSpan(5, 45, 0), "Nepal", "Nepal");
        var command = new KooJobs { Zone = zone, Terminal = isTerminal };
        var session = new WatchSession(command.Environment, EventFormat.Text);
        var job = new Job { TaskId = "1", CreateTime = DateTimeOffset.UnixEpoch.AddMinutes(1).ToOffset(TimeSpan.FromHours(8)) };

        await session.HandleAsync(new JobListed { Job = job }, TestEnd);
        await session.HandleAsync(new WatchSynced { ObservedAt = DateTimeOffset.UnixEpoch }, TestEnd);

        Assert.Contains("05:45:00  synced", command.OutputText, StringComparison.Ordinal);
        Assert.Equal(isTerminal, command.OutputText.Contains("05:46:00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_writes_plain_lines_without_a_terminal()
    {
        await using JobsEmulator emulator = await StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        ActOnRequest(emulator, (2, () => emulator.Jobs.Cancel(job.TaskId)));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        await command.RunAsync(["watch", "--until-idle", "--output", "text", .. Often]);

        Assert.Equal(2, command.Lines.Length);
        Assert.Matches(@"^\d\d:\d\d:\d\d  synced     1 job unfinished$", command.Lines[0]);
        Assert.Matches($@"^\d\d:\d\d:\d\d  {job.TaskId}  deletion       pending -> canceled$", command.Lines[1]);
    }

    [Fact]
    public async Task Watch_once_polls_once_and_prints_the_changes_since_the_last_run()
    {
        await using JobsEmulator emulator = await StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        using var file = new TemporaryFile("");
        File.Delete(file.Path);
        List<string[]> runs = [];
        long requests = 0;
        for (int run = 0; run < 3; run++)
        {
            var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
            requests = emulator.Requests.Count;
            Assert.Equal((ExitCode.Success, ""), (await command.RunAsync("watch", "--once", "--checkpoint", file.Path), command.ErrorText));
            runs.Add([.. command.Lines.Select(line => Name(JsonDocument.Parse(line).RootElement))!]);
            if (run == 0)
            {
                emulator.Jobs.Finish(job.TaskId);
            }
        }

        Assert.Equal(["snapshot", "synced"], runs[0]);
        Assert.Equal(["synced", "changed"], runs[1]);
        Assert.Equal(["synced"], runs[2]);
        Assert.InRange(emulator.Requests.Count, requests + 1, requests + 2);
    }

    [Fact]
    public async Task Watch_once_fails_when_its_poll_fails()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var file = new TemporaryFile("");
        File.Delete(file.Path);
        emulator.Credentials.ReplaceTokens("another");
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.NotEqual(ExitCode.Success, await command.RunAsync("watch", "--once", "--checkpoint", file.Path));

        Assert.StartsWith("koojobs: ", command.ErrorText, StringComparison.Ordinal);
        Assert.False(File.Exists(file.Path));
    }

    [Fact]
    public async Task Watch_once_requires_a_checkpoint()
    {
        var command = new KooJobs();

        Assert.Equal(ExitCode.Usage, await command.RunAsync("watch", "--once", "--emulator"));

        Assert.Contains("--once requires --checkpoint FILE", command.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_with_a_checkpoint_prints_changes_since_the_last_run()
    {
        await using JobsEmulator emulator = await StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        using var file = new TemporaryFile("");
        File.Delete(file.Path);
        Task<int> WatchAsync(KooJobs command) => command.RunAsync(["watch", "--until-idle", "--checkpoint", file.Path, .. Often]);
        ActOnRequest(emulator, (2, () => emulator.Jobs.Finish(job.TaskId)));
        Assert.Equal(ExitCode.Success, await WatchAsync(new KooJobs { Variables = KooJobs.ConnectionTo(emulator) }));
        emulator.BeforeResponse = null;

        EmulatedJob meanwhile = emulator.Jobs.Add(taskType: 4);
        emulator.Jobs.Finish(meanwhile.TaskId, taskResultCode: 3);
        var second = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };
        Assert.Equal((ExitCode.Success, ""), (await WatchAsync(second), second.ErrorText));

        // A poll is completed after all of its changes have been published.
        (int Poll, bool IsEnd)[] order = [.. second.Lines.Select(line => JsonDocument.Parse(line).RootElement)
            .Select(jobEvent => (jobEvent.GetProperty("poll").GetInt32(), Name(jobEvent) == "pollCompleted"))];
        Assert.Equal(order.Order(), order);
        Assert.Contains(order, one => one.IsEnd);
        JsonElement added = Assert.Single(second.Lines.Select(line => JsonDocument.Parse(line).RootElement), line => Name(line) is "added" or "changed");
        Assert.Equal(meanwhile.TaskId, added.GetProperty("taskId").GetString());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(".new", "")]
    [InlineData("", "/nowhere/file")]
    public async Task Watch_names_option_and_remedy_when_the_checkpoint_is_inaccessible(string folder, string beneath)
    {
        await using JobsEmulator emulator = await StartAsync();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        DirectoryInfo inTheWay = Directory.CreateDirectory(path + folder);
        try
        {
            var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

            Assert.Equal(ExitCode.Failed, await command.RunAsync("watch", "--checkpoint", path + beneath));

            string line = Assert.Single(command.ErrorText.TrimEnd().Split('\n'));
            Assert.StartsWith($"koojobs: --checkpoint: Cannot {(folder.Length > 0 ? "write" : "read")} '{path + beneath}': ", line, StringComparison.Ordinal);
            Assert.Contains("Specify a file", line, StringComparison.Ordinal);
            Assert.DoesNotContain("..", line, StringComparison.Ordinal);
            Assert.DoesNotContain("--verbose", line, StringComparison.Ordinal);
        }
        finally
        {
            inTheWay.Delete();
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Watch_retries_a_failed_save_of_the_checkpoint_and_continues()
    {
        await using JobsEmulator emulator = await StartAsync();
        string folder = Directory.CreateTempSubdirectory("checkpoint-").FullName;
        string path = Path.Combine(folder, "jobs");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var time = new FakeTimeProvider();
        emulator.BeforeResponse = (_, _) =>
        {
            // The folder is deleted before the second poll, which has a change, is saved.
            if (File.Exists(path))
            {
                Directory.Delete(folder, recursive: true);
                emulator.Jobs.Add(taskType: 2);
            }

            return ValueTask.CompletedTask;
        };
        await using var error = new WatchedError(_ =>
        {
            emulator.BeforeResponse = null;
            Directory.CreateDirectory(folder);
        });
        bool isAdded = false;
        using var output = new WatchedOutput(line =>
        {
            isAdded |= Name(line) == "added";
            if (isAdded && Name(line) == "pollCompleted")
            {
                stop.Cancel();
            }
        });
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator), Output = output, Error = error, Time = time };
        try
        {
            Task<int> watching = command.RunAsync(stop.Token, ["watch", "--checkpoint", path, .. Often]);
            await time.RunAsync(watching, TimeSpan.FromMilliseconds(1));

            Assert.Equal(ExitCode.Interrupted, await watching);
            Assert.True(File.Exists(path));
            string line = Assert.Single(command.ErrorText.TrimEnd().Split('\n'));
            Assert.StartsWith($"koojobs: --checkpoint: Cannot write '{path}': ", line, StringComparison.Ordinal);
            Assert.EndsWith("Retry 1 of 5 in 1 s.", line, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task SaveAsync_reports_the_failure_when_every_retry_fails()
    {
        string folder = Directory.CreateTempSubdirectory("checkpoint-").FullName;
        var time = new FakeTimeProvider();
        var reports = new List<string>();
        var file = CheckpointFile.Open(Path.Combine(folder, "jobs"), Report, time);
        await file.SaveAsync(new byte[1], TestEnd);
        Directory.Delete(folder, recursive: true);

        Task saving = file.SaveAsync(new byte[2], TestEnd).AsTask();
        await time.RunAsync(saving, TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<CommandException>(() => saving);
        Assert.Equal(["1 of 5 in 1 s.", "2 of 5 in 2 s.", "3 of 5 in 4 s.", "4 of 5 in 8 s.", "5 of 5 in 16 s."], reports);

        ValueTask Report(string line)
        {
            reports.Add(line[(line.IndexOf("Retry ", StringComparison.Ordinal) + 6)..]);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Watch_rejects_an_empty_name_of_the_checkpoint()
    {
        var command = new KooJobs();

        Assert.Equal(ExitCode.Usage, await command.RunAsync("watch", "--emulator", "--checkpoint", ""));

        Assert.Contains("--checkpoint: ", command.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_rejects_a_damaged_checkpoint_and_names_the_remedy()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var file = new TemporaryFile("not a checkpoint");
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Failed, await command.RunAsync("watch", "--checkpoint", file.Path));

        string line = Assert.Single(command.ErrorText.TrimEnd().Split('\n'));
        Assert.StartsWith($"koojobs: --checkpoint: The checkpoint in the file {file.Path} ", line, StringComparison.Ordinal);
        Assert.Contains("To start again, delete the checkpoint", line, StringComparison.Ordinal);
        Assert.DoesNotContain("--verbose", line, StringComparison.Ordinal);
        Assert.Equal(0, emulator.Requests.Count);
    }

    [Theory]
    [InlineData("--interval", "0")]
    [InlineData("--interval", "x")]
    [InlineData("--for", "-1")]
    [InlineData("--min-interval", "7")]
    [InlineData("--max-interval", "1")]
    public async Task Watch_rejects_invalid_times(string option, string value)
    {
        var command = new KooJobs();

        Assert.Equal(ExitCode.Usage, await command.RunAsync("watch", "--emulator", "--interval", "5", option, value));

        Assert.Contains(option, command.ErrorText, StringComparison.Ordinal);
    }

    internal static Task<JobsEmulator> StartAsync() => JobsEmulator.StartAsync(cancellationToken: TestEnd);

    /// <summary>Changes the list directly before the response to the n-th request.</summary>
    internal static void ActOnRequest(JobsEmulator emulator, params (long Number, Action Act)[] acts) => emulator.BeforeResponse = (request, _) =>
    {
        foreach ((long number, Action act) in acts)
        {
            if (request.Number == number)
            {
                act();
            }
        }

        return ValueTask.CompletedTask;
    };

    private static string Name(string line) => Name(JsonDocument.Parse(line).RootElement);

    private static string Name(JsonElement jobEvent) => jobEvent.GetProperty("event").GetString()!;

    [GeneratedRegex(@"\e\[(\d;)?[34]\dm")]
    private static partial Regex ColorSequence();

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex AnsiSequence();

    /// <summary>Passes each line to a callback as soon as the line is written to standard error.</summary>
    private sealed class WatchedError(Action<string> onLine) : StringWriter
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            onLine(value ?? "");
        }
    }

    /// <summary>Passes each line to a callback as soon as the line is written.</summary>
    private sealed class WatchedOutput(Action<string> onLine) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            onLine(System.Text.Encoding.UTF8.GetString(buffer.Span));
            return ValueTask.CompletedTask;
        }
    }
}
