using System.Globalization;
using KooDrive.Jobs.Streams.Emulator;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class PageTests
{
    [Fact]
    public async Task Page_is_equal_to_the_documented_example()
    {
        await using JobsEmulator emulator = await StartAsync(new() { Preset = JobsEmulatorPreset.DocumentedExample });
        using var client = new PlainClient(emulator);

        string response = await client.TextAsync(PlainClient.JobsPath + "?offset=0&limit=2");

        Assert.Equal(
            """
            {"data":[{"taskId":"1320279189273965056","taskType":2,"actionType":201,"status":2,"taskResultCode":1,"contentNum":1,
            "containerId":"IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
            "beginTime":"20231227151904","endTime":"20231227151904","createTime":"20231227151904"},
            {"taskId":"1320279092268104960","taskType":2,"actionType":201,"status":2,"taskResultCode":1,"contentNum":4,
            "containerId":"IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
            "beginTime":"20231227151852","endTime":"20231227151852","createTime":"20231227151852"}],
            "code":0,"msg":"OK"}
            """.ReplaceLineEndings(""),
            response);
    }

    [Fact]
    public async Task Page_contains_every_member_of_a_job_except_null_members()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        emulator.Jobs.Add(new EmulatedJob { TaskId = "1" });
        emulator.Jobs.Add(new EmulatedJob
        {
            TaskId = "2",
            TaskType = 3,
            ActionType = 4,
            Status = 5,
            TaskResultCode = 6,
            ResultCode = 7,
            ContentNum = 8,
            ContainerId = "container",
            TenantId = "tenant",
            BeginTime = "begin",
            EndTime = "end",
            CreateTime = "create",
            TaskName = "\"näme\"",
            UserId = "user",
            Progress = 9,
            DownloadUrl = "https://example.invalid/?a=1&b=2",
        });

        Assert.Equal(
            """
            {"data":[{"taskId":"2","taskType":3,"actionType":4,"status":5,"taskResultCode":6,"resultCode":7,"contentNum":8,
            "containerId":"container","tenantId":"tenant","beginTime":"begin","endTime":"end","createTime":"create",
            "taskName":"\"näme\"","userId":"user","progress":9,"downloadUrl":"https://example.invalid/?a=1&b=2"},
            {"taskId":"1"}],"code":0,"msg":"OK"}
            """.ReplaceLineEndings(""),
            await client.TextAsync());
    }

    [Fact]
    public async Task WriteCodeAsText_writes_the_code_as_a_string()
    {
        await using JobsEmulator emulator = await StartAsync(new() { WriteCodeAsText = true });
        using var client = new PlainClient(emulator);

        Assert.Equal("""{"data":[],"code":"0","msg":"OK"}""", await client.TextAsync());
    }

    [Fact]
    public async Task Page_contains_the_newest_jobs_first_from_its_offset()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        AddNumbered(emulator, 5);

        Assert.Equal(["5", "4"], await client.TaskIdsAsync("offset=0&limit=2"));
        Assert.Equal(["3", "2"], await client.TaskIdsAsync("offset=2&limit=2"));
        Assert.Equal(["1"], await client.TaskIdsAsync("offset=4&limit=2"));
        Assert.Empty(await client.TaskIdsAsync("offset=5&limit=2"));
        Assert.Empty(await client.TaskIdsAsync("offset=99999999999999999999&limit=2"));
    }

    [Fact]
    public async Task Page_applies_filters_before_the_offset()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        AddNumbered(emulator, 12);

        Assert.Equal(["10", "6", "2"], await client.TaskIdsAsync("offset=0&limit=10&type=2"));
        Assert.Equal(["6"], await client.TaskIdsAsync("offset=1&limit=1&type=2"));
        Assert.Equal(["10", "7", "4", "1"], await client.TaskIdsAsync("offset=0&limit=10&status=1"));
        Assert.Equal(["10"], await client.TaskIdsAsync("offset=0&limit=10&type=2&status=1"));
        Assert.Empty(await client.TaskIdsAsync("offset=0&limit=10&type=7"));
    }

    [Fact]
    public async Task MaxPageSize_limits_the_page_without_an_error()
    {
        await using JobsEmulator emulator = await StartAsync(new() { MaxPageSize = 3 });
        using var client = new PlainClient(emulator);
        AddNumbered(emulator, 5);

        Assert.Equal(["5", "4", "3"], await client.TaskIdsAsync("offset=0&limit=100"));
        Assert.Equal(["5", "4"], await client.TaskIdsAsync("offset=0&limit=2"));
    }

    [Fact]
    public async Task IgnoreOffset_returns_the_start_of_the_list_for_every_offset()
    {
        await using JobsEmulator emulator = await StartAsync(new() { IgnoreOffset = true });
        using var client = new PlainClient(emulator);
        AddNumbered(emulator, 5);

        Assert.Equal(["5", "4"], await client.TaskIdsAsync("offset=3&limit=2"));
    }

    [Fact]
    public async Task Response_has_its_length_date_and_a_unique_id()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 11, 3, 7, 1, 40, TimeSpan.Zero));
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(null, clock, TestContext.Current.CancellationToken);
        using var client = new PlainClient(emulator, clock);

        using HttpResponseMessage first = await client.SendAsync(client.Request());
        using HttpResponseMessage second = await client.SendAsync(client.Request());

        Assert.Equal("application/json", first.Content.Headers.ContentType?.ToString());
        Assert.Equal(31, first.Content.Headers.ContentLength);
        Assert.Equal(clock.GetUtcNow(), first.Headers.Date);
        string[] ids = [.. first.Headers.GetValues("X-Request-Id"), .. second.Headers.GetValues("X-Request-Id")];
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal(ids, emulator.Requests.Snapshot().Select(request => request.RequestId));
    }

    [Fact]
    public async Task Page_at_a_large_offset_is_equal_to_a_slice_of_the_list()
    {
        await using JobsEmulator emulator = await StartAsync();
        using var client = new PlainClient(emulator);
        int count = LongTests.AreEnabled ? 1_000_000 : 300_000;
        int offset = count - 123_457;
        emulator.Jobs.Fill(count);
        IReadOnlyList<EmulatedJob> list = emulator.Jobs.Snapshot();
        IReadOnlyList<EmulatedJob> canceled = emulator.Jobs.Snapshot(status: 3);

        Assert.Equal(list.Skip(offset).Take(100).Select(job => job.TaskId), await client.TaskIdsAsync($"offset={offset}&limit=100"));
        Assert.Equal(canceled.Skip(12_345).Take(100).Select(job => job.TaskId), await client.TaskIdsAsync("offset=12345&limit=100&status=3"));
        Assert.Equal(list[^1].TaskId, Assert.Single(await client.TaskIdsAsync($"offset={count - 1}&limit=100")));
    }

    /// <summary>Adds jobs 1 to count, the type being the number modulo 4 and the status the number modulo 3.</summary>
    private static void AddNumbered(JobsEmulator emulator, int count) => emulator.Jobs.AddMany(Enumerable.Range(1, count).Select(number =>
        new EmulatedJob { TaskId = number.ToString(CultureInfo.InvariantCulture), TaskType = number % 4, Status = number % 3 }));

    private static Task<JobsEmulator> StartAsync(JobsEmulatorOptions? options = null) =>
        JobsEmulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
}
