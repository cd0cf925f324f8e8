using System.Text.Json;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Cli.Output;
using KooDrive.Jobs.Streams.Emulator;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class ShowTests
{
    private const string Address = "https://download.example/secret-path";

    private static readonly EmulatedJob Packing = new()
    {
        TaskId = "4711",
        TaskType = 6,
        ActionType = 99,
        Status = 2,
        TaskResultCode = 2,
        ResultCode = 13000311,
        ContentNum = 12,
        BeginTime = "20260101000000",
        EndTime = "20260101000130",
        CreateTime = "20251231235959",
        DownloadUrl = Address,
    };

    [Fact]
    public async Task Show_prints_every_field_and_explains_the_result_code()
    {
        await using JobsEmulator emulator = await StartAsync();
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync("show", "4711", "-o", "text"));

        Assert.Equal(
            [
                "Task id      4711",
                "Name         -",
                "Type         package-download (6)",
                "Action       99",
                "Status       completed (2)",
                "Result       partially-failed (2)",
                "Result code  13000311 (the space has no storage left)",
                "Files        12",
                "Progress     -",
                "Created      2025-12-31 23:59:59",
                "Started      2026-01-01 00:00:00",
                "Ended        2026-01-01 00:01:30",
                "Took         00:01:30",
                "User         -",
                "Tenant       -",
                "Container    -",
                "Download     available; repeat the command with --download-url",
            ],
            run.Lines);
    }

    [Theory]
    [InlineData("text", false)]
    [InlineData("text", true)]
    [InlineData("json", false)]
    [InlineData("json", true)]
    public async Task Show_prints_the_download_address_only_on_request(string format, bool requested)
    {
        await using JobsEmulator emulator = await StartAsync();
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync(["show", "4711", "--output", format, .. requested ? ["--download-url"] : Array.Empty<string>()]));

        Assert.Equal(requested, run.OutputText.Contains(Address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Show_prints_JSON_without_a_terminal()
    {
        await using JobsEmulator emulator = await StartAsync();
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Success, await run.RunAsync("show", "4711"));

        JsonElement job = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
        Assert.Equal(("4711", "packageDownload"), (job.GetProperty("taskId").GetString(), job.GetProperty("taskTypeName").GetString()));
    }

    [Fact]
    public async Task Show_fails_and_names_a_job_that_is_not_listed()
    {
        await using JobsEmulator emulator = await StartAsync();
        var run = new KooJobs { Variables = KooJobs.ConnectionTo(emulator) };

        Assert.Equal(ExitCode.Failed, await run.RunAsync("show", "4712"));

        Assert.StartsWith("koojobs: The list has no job 4712.", run.ErrorText, StringComparison.Ordinal);
        Assert.Empty(run.OutputText);
    }

    [Fact]
    public void Details_contain_every_property_of_a_job()
    {
        string[] derived = [nameof(Job.ResultCodeText), nameof(Job.IsFinished), nameof(Job.IsSucceeded)];

        // The row Took is computed from two properties.
        Assert.Equal(
            typeof(Job).GetProperties().Count(property => !derived.Contains(property.Name)) + 1,
            JobDetails.Of(new Job { TaskId = "1" }, withAddress: false, TimeZoneInfo.Utc).Count());
    }

    private static async Task<JobsEmulator> StartAsync()
    {
        JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        emulator.Jobs.Add(Packing);
        return emulator;
    }
}
