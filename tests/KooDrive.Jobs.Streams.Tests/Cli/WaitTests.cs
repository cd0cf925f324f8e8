using System.Text.Json;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class WaitTests
{
    private static readonly string[] Often = ["--interval", "0.1"];

    [Theory]
    [InlineData(1, ExitCode.Success)]
    [InlineData(2, ExitCode.NotAllSucceeded)]
    public async Task Wait_returns_when_all_jobs_have_finished_with_one_line_each(int result, int expected)
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        EmulatedJob[] jobs = [emulator.Jobs.Add(taskType: 2), emulator.Jobs.Add(taskType: 4)];
        WatchTests.ActOnRequest(
            emulator,
            (2, () => emulator.Jobs.Finish(jobs[1].TaskId, taskResultCode: result)),
            (4, () => emulator.Jobs.Finish(jobs[0].TaskId)));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(expected, await command.RunAsync(["wait", jobs[0].TaskId, jobs[1].TaskId, .. Often]));

        Assert.Equal([jobs[1].TaskId, jobs[0].TaskId], command.TaskIds());
        Assert.Equal(result, JsonDocument.Parse(command.Lines[0]).RootElement.GetProperty("taskResultCode").GetInt32());
    }

    [Fact]
    public async Task Wait_returns_immediately_for_a_job_that_finished_before()
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        emulator.Jobs.Fill(300);
        string oldest = emulator.Jobs.Snapshot()[^1].TaskId;
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        int code = await command.RunAsync("wait", oldest);

        Assert.Equal(oldest, Assert.Single(command.TaskIds()));
        Assert.Contains(code, (int[])[ExitCode.Success, ExitCode.NotAllSucceeded]);
    }

    [Fact]
    public async Task Wait_names_the_unfinished_jobs_at_the_timeout()
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        EmulatedJob[] jobs = [emulator.Jobs.Add(taskType: 2), emulator.Jobs.Add(taskType: 4)];
        emulator.Jobs.Finish(jobs[0].TaskId);
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.TimedOut, await command.RunAsync(["wait", jobs[0].TaskId, jobs[1].TaskId, "--timeout", "1", .. Often]));

        Assert.Contains(jobs[1].TaskId, command.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain(jobs[0].TaskId, command.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_fails_and_names_a_job_that_is_not_listed()
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Failed, await command.RunAsync(["wait", job.TaskId, "4711", "--grace", "0", .. Often]));

        Assert.Contains("4711", command.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r")]
    public async Task Wait_finds_a_job_that_is_listed_later(string lineEnd)
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        emulator.Jobs.Add(taskType: 2);
        WatchTests.ActOnRequest(emulator, (4, () => emulator.Jobs.Add(new EmulatedJob { TaskId = "4711", TaskType = 2, Status = 2, TaskResultCode = 1 })));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await command.RunAsync(["wait", $"4711{lineEnd}", .. Often]));

        Assert.Equal("4711", Assert.Single(command.TaskIds()));
    }

    [Fact]
    public async Task Wait_searches_for_a_missing_job_until_the_timeout()
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.TimedOut, await command.RunAsync(["wait", "4711", "--grace", "86400", "--timeout", "0.5", .. Often]));
    }

    [Fact]
    public async Task Wait_fails_and_names_a_job_that_vanishes()
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        WatchTests.ActOnRequest(emulator, (2, () => emulator.Jobs.Remove(job.TaskId)));
        var command = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Failed, await command.RunAsync(["wait", job.TaskId, .. Often]));

        Assert.Contains(job.TaskId, command.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_shows_on_a_terminal_what_it_waits_for()
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        EmulatedJob[] jobs = [emulator.Jobs.Add(taskType: 2), emulator.Jobs.Add(taskType: 4)];
        emulator.Jobs.Start(jobs[1].TaskId);
        emulator.Jobs.SetProgress(jobs[1].TaskId, 40);
        WatchTests.ActOnRequest(
            emulator,
            (2, () => emulator.Jobs.Start(jobs[0].TaskId)),
            (4, () => emulator.Jobs.Finish(jobs[0].TaskId)),
            (5, () => emulator.Jobs.Finish(jobs[1].TaskId)));
        var command = new KooJobs { Terminal = true, Width = 80, Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await command.RunAsync(["wait", jobs[0].TaskId, jobs[1].TaskId, .. Often]));

        string[] lines = command.ErrorText.TrimEnd().Split(Environment.NewLine);
        Assert.Equal($"Waiting for {jobs[0].TaskId}: deletion, pending", lines[0]);
        Assert.Equal($"Waiting for {jobs[1].TaskId}: restoration, processing, 40 %", lines[1]);
        Assert.EndsWith($"{jobs[0].TaskId}  deletion       pending -> processing", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task Wait_with_emulator_finds_the_jobs_that_an_earlier_command_listed()
    {
        var list = new KooJobs();
        Assert.Equal(ExitCode.Success, await list.RunAsync("list", "--emulator", "--result", "all-succeeded", "--max", "2"));
        string[] taskIds = [.. list.TaskIds()];
        var wait = new KooJobs();

        Assert.Equal(ExitCode.Success, await wait.RunAsync(["wait", "--emulator", .. taskIds]));

        Assert.Equal(taskIds.Order(StringComparer.Ordinal), wait.TaskIds().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Wait_exits_2_without_a_task_id() =>
        Assert.Equal(ExitCode.Usage, await new KooJobs().RunAsync("wait", "--emulator"));
}
