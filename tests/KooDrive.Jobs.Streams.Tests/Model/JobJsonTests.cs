using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace KooDrive.Jobs.Streams.Tests.Model;

public sealed class JobJsonTests
{
    private static readonly Gen<string?> Text = OrNull(Gen.Elements("", "a", "\"\\\n\u0000", "归档", "<&+'>", "\U0001F600").Select(text => (string?)text));

    private static readonly Gen<DateTimeOffset?> Times = OrNull(
        from seconds in Gen.Choose(0, int.MaxValue)
        from ticks in Gen.Elements(0, 1, 5_000_000, 9_999_999)
        from offset in Gen.Choose(-14 * 60, 14 * 60)
        select (DateTimeOffset?)new DateTimeOffset(new DateTime(2000, 1, 1).AddSeconds(seconds).AddTicks(ticks), TimeSpan.FromMinutes(offset)));

    private static readonly JsonSerializerOptions ByteByByte = new() { DefaultBufferSize = 1 };

    [Property(MaxTest = 1000 / PropertyRuns.Divisor)]
    public Property Read_returns_an_equal_job_after_a_round_trip() => Prop.ForAll(Jobs().ToArbitrary(), job =>
    {
        Assert.Equal(job, JsonSerializer.Deserialize<Job>(JsonSerializer.Serialize(job)));
        Assert.Equal(job, JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(job, JobsJsonContext.Default.Job), JobsJsonContext.Default.Job));
    });

    [Theory]
    [InlineData("\"5\"", 5L, "5")]
    [InlineData("\"05\"", null, "05")]
    [InlineData("\"\"", null, null)]
    [InlineData("5", 5L, "5")]
    public void Read_stores_a_result_code_like_the_initializer(string code, long? number, string? text)
    {
        Job read = JsonSerializer.Deserialize<Job>($$"""{"taskId":"1","resultCode":{{code}}}""")!;

        Assert.Equal((number, text), (read.ResultCode, read.ResultCodeText));
        Assert.Equal(new Job { TaskId = "1", ResultCodeText = text }, read);
    }

    [Fact]
    public void Write_uses_the_same_names_with_any_serializer_options()
    {
        string plain = JsonSerializer.Serialize(Samples.Full);

        Assert.Equal(plain, JsonSerializer.Serialize(Samples.Full, JsonSerializerOptions.Web));
        Assert.Equal(plain, JsonSerializer.Serialize(Samples.Full, JobsJsonContext.Default.Job));
        Assert.Equal(
            ["taskId", "taskType", "taskTypeName", "actionType", "actionTypeName", "status", "statusName", "taskResultCode", "taskResultCodeName", "resultCode",
                "contentNum", "containerId", "tenantId", "beginTime", "endTime", "createTime", "taskName", "userId", "progress", "downloadUrl"],
            JsonDocument.Parse(plain).RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void Write_omits_absent_members_and_names_of_unknown_numbers() => Assert.Equal(
        """{"taskId":"1","taskType":8,"status":0,"statusName":"pending"}""",
        JsonSerializer.Serialize(new Job { TaskId = "1", Type = (JobType)8, Status = JobStatus.Pending }));

    [Fact]
    public void Read_uses_the_number_and_ignores_names_nulls_and_unknown_members() => Assert.Equal(
        new Job { TaskId = "1", Status = JobStatus.Processing },
        JsonSerializer.Deserialize<Job>("""{"new":[{"taskId":"2"}],"statusName":"completed","status":1,"endTime":null,"taskType":null,"taskId":"1"}"""));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"taskId":null}""")]
    [InlineData("""{"taskId":""}""")]
    [InlineData("""{"taskId":1}""")]
    [InlineData("""{"taskId":"1","status":"1"}""")]
    [InlineData("""{"taskId":"1","status":2147483648}""")]
    [InlineData("""{"taskId":"1","endTime":"2023-12-27T15:19:04"}""")]
    [InlineData("""{"taskId":"1","endTime":"2023-12-27"}""")]
    [InlineData("""{"taskId":"1","endTime":"+"}""")]
    [InlineData("""["1"]""")]
    [InlineData("""{"taskId":"1" """)]
    public void Read_rejects_what_is_not_a_job(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Job>(json));

    [Fact]
    public async Task Read_accepts_a_stream_that_arrives_byte_by_byte()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new[] { Samples.Full, Samples.Full }, JobsJsonContext.Default.JobArray);

        Job[]? read = await JsonSerializer.DeserializeAsync<Job[]>(new MemoryStream(json), ByteByByte, TestContext.Current.CancellationToken);

        Assert.Equal([Samples.Full, Samples.Full], read!);
    }

    [Fact]
    public void JobPage_keeps_its_members_after_a_round_trip()
    {
        var page = new JobPage { Jobs = [Samples.Full], Offset = 100, Limit = 50, RequestId = "r", ResumePoint = "p" };
        string json = JsonSerializer.Serialize(page);

        Assert.Equal(json, JsonSerializer.Serialize(page, JobsJsonContext.Default.JobPage));
        Assert.Equal(json, JsonSerializer.Serialize(page, JsonSerializerOptions.Web));
        Assert.Equal(
            ["jobs", "offset", "limit", "requestId", "resumePoint"], JsonDocument.Parse(json).RootElement.EnumerateObject().Select(member => member.Name));
        JobPage read = JsonSerializer.Deserialize(json, JobsJsonContext.Default.JobPage)!;
        Assert.Equal([Samples.Full], read.Jobs);
        Assert.Equal((100, 50, "r", null, "p"), (read.Offset, read.Limit, read.RequestId, read.TraceId, read.ResumePoint));
    }

    [Fact]
    public void JobsJsonContext_contains_every_public_type_that_has_JSON() => Assert.All(
        [typeof(Job), typeof(Job[]), typeof(IReadOnlyList<Job>), typeof(IAsyncEnumerable<Job>), typeof(JobListing), typeof(JobPage), typeof(JobEvent),
            typeof(JobChange), .. Samples.Events.Select(one => one.GetType())],
        type => Assert.NotNull(JobsJsonContext.Default.GetTypeInfo(type)));

    private static Gen<Job> Jobs() =>
        from id in Gen.Elements("1", "1320279189273965056", "not a number")
        from codes in Gen.Choose(-1, 4).ArrayOf(4)
        from number in Gen.Choose(-1, 3)
        from text in Text.ArrayOf(5)
        from times in Times.ArrayOf(3)
        select new Job
        {
            TaskId = id,
            Type = codes[0] < 0 ? null : (JobType)codes[0],
            Action = codes[1] < 0 ? null : (JobAction)(codes[1] + 100),
            Status = codes[2] < 0 ? null : (JobStatus)codes[2],
            Result = codes[3] < 0 ? null : (JobResult)codes[3],
            ResultCode = number < 0 ? null : number * 4_000_000_000L,
            ContentCount = number < 0 ? long.MinValue : number,
            Progress = number < 0 ? null : number,
            ContainerId = text[0],
            TenantId = text[1],
            TaskName = text[2],
            UserId = text[3],
            DownloadUrl = text[4],
            BeginTime = times[0],
            EndTime = times[1],
            CreateTime = times[2],
        };

    private static Gen<T?> OrNull<T>(Gen<T?> values) => Gen.Frequency((1, Gen.Constant(default(T))), (3, values));
}
