using System.Text.Json;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class JobWriterTests
{
    private static readonly DateTimeOffset Documented = new(2023, 12, 27, 15, 19, 4, TimeSpan.Zero);

    private static readonly Job Example = new()
    {
        TaskId = "1320279189273965056",
        Type = JobType.BatchDeletion,
        Action = JobAction.DeletionToRecycleBin,
        Status = JobStatus.Completed,
        Result = JobResult.AllSucceeded,
        ContentCount = 1,
        ContainerId = "IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
        BeginTime = Documented,
        EndTime = Documented,
        CreateTime = Documented,
    };

    private static readonly Job Full = Example with
    {
        Type = (JobType)8,
        ResultCode = 13000311,
        TenantId = "a,\"b\"\r\nc",
        TaskName = "归档 <&+>",
        UserId = "u",
        Progress = 50,
        DownloadUrl = "https://host/a?b=c&d",
        CreateTime = Documented.ToOffset(TimeSpan.FromHours(8)),
    };

    [Fact]
    public async Task Ndjson_writes_the_documented_job_as_specified()
    {
        const string Expected = """
            {"taskId":"1320279189273965056","taskType":2,"taskTypeName":"batchDeletion","actionType":201,"actionTypeName":"deletionToRecycleBin","status":2,"statusName":"completed","taskResultCode":1,"taskResultCodeName":"allSucceeded","contentNum":1,"containerId":"IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236","beginTime":"2023-12-27T15:19:04+00:00","endTime":"2023-12-27T15:19:04+00:00","createTime":"2023-12-27T15:19:04+00:00"}
            """;

        Assert.Equal(Expected + "\n", await WriteAsync(OutputFormat.Ndjson, Example));
    }

    [Fact]
    public async Task Ndjson_writes_every_field_with_one_job_per_line()
    {
        string[] lines = (await WriteAsync(OutputFormat.Ndjson, Full, new Job { TaskId = "x\ny" })).Split('\n');

        Assert.Contains("\"resultCode\":13000311,", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"createTime\":\"2023-12-27T23:19:04+08:00\",\"taskName\":\"归档 <&+>\",\"userId\":\"u\",\"progress\":50,", lines[0], StringComparison.Ordinal);
        Assert.Equal("a,\"b\"\r\nc", JsonDocument.Parse(lines[0]).RootElement.GetProperty("tenantId").GetString());
        Assert.Equal(["{\"taskId\":\"x\\ny\"}", ""], lines[1..]);
    }

    [Fact]
    public async Task Writers_write_a_result_code_that_is_text_as_text()
    {
        var job = new Job { TaskId = "1", ResultCodeText = "KD.0001" };

        Assert.Equal("{\"taskId\":\"1\",\"resultCode\":\"KD.0001\"}\n", await WriteAsync(OutputFormat.Ndjson, job));
        Assert.EndsWith("\r\n1,,,,,,,,,KD.0001,,,,,,,,,,\r\n", await WriteAsync(OutputFormat.Csv, job), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_quotes_as_in_RFC_4180_and_leaves_absent_fields_empty()
    {
        string text = await WriteAsync(OutputFormat.Csv, Full, new Job { TaskId = "1" });

        Assert.Equal(
            "taskId,taskType,taskTypeName,actionType,actionTypeName,status,statusName,taskResultCode,taskResultCodeName,resultCode,contentNum,containerId,tenantId,beginTime,endTime,createTime,taskName,userId,progress,downloadUrl\r\n"
            + "1320279189273965056,8,,201,deletionToRecycleBin,2,completed,1,allSucceeded,13000311,1,IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236,\"a,\"\"b\"\"\r\nc\","
            + "2023-12-27T15:19:04+00:00,2023-12-27T15:19:04+00:00,2023-12-27T23:19:04+08:00,归档 <&+>,u,50,https://host/a?b=c&d\r\n"
            + "1,,,,,,,,,,,,,,,,,,,\r\n",
            text);
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1+1", "'+1+1")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1+1", "'\t=1+1")]
    [InlineData("\r=1+1", "\"'\r=1+1\"")]
    [InlineData("\n=1+1", "\"'\n=1+1\"")]
    [InlineData("=\"a\",1", "\"'=\"\"a\"\",1\"")]
    [InlineData("\uFF1D1+1", "'\uFF1D1+1")]
    [InlineData("-5", "'-5")]
    [InlineData("'=1", "'=1")]
    [InlineData("a=1", "a=1")]
    public async Task Csv_puts_an_apostrophe_before_text_that_starts_a_formula(string text, string cell)
    {
        var job = new Job { TaskId = text, ContainerId = text, TenantId = text, TaskName = text, UserId = text, DownloadUrl = text };

        string row = (await WriteAsync(OutputFormat.Csv, job)).Split("\r\n", 2)[1];

        Assert.Equal($"{cell},,,,,,,,,,,{cell},{cell},,,,{cell},{cell},,{cell}\r\n", row);
    }

    [Fact]
    public async Task Csv_does_not_change_negative_numbers()
    {
        string text = await WriteAsync(OutputFormat.Csv, new Job { TaskId = "1", ResultCode = -7, ContentCount = -1, Progress = -2 });

        Assert.EndsWith("\r\n1,,,,,,,,,-7,-1,,,,,,,,-2,\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table", "2023-12-27 21:04:04  ")]
    [InlineData("csv", "2023-12-27T15:19:04+00:00,")]
    [InlineData("ndjson", "\"createTime\":\"2023-12-27T15:19:04+00:00\"")]
    public async Task Table_alone_shows_times_in_the_local_time_zone(string format, string expected)
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("Nepal", new TimeSpan(5, 45, 0), "Nepal", "Nepal");

        string text = await WriteAsync(Enum.Parse<OutputFormat>(format, ignoreCase: true), new KooJobs { Zone = zone }, Example);

        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv", 1)]
    [InlineData("ndjson", 0)]
    [InlineData("table", 0)]
    public async Task Csv_alone_writes_a_row_for_an_empty_list(string format, int rows) =>
        Assert.Equal(rows, (await WriteAsync(Enum.Parse<OutputFormat>(format, ignoreCase: true))).Count(character => character == '\n'));

    [Theory]
    [InlineData(200, "TASK ID TYPE ACTION STATUS RESULT FILES CREATED TOOK")]
    [InlineData(100, "TASK ID TYPE STATUS RESULT FILES CREATED")]
    [InlineData(80, "TASK ID TYPE STATUS RESULT FILES")]
    [InlineData(60, "TASK ID STATUS RESULT")]
    [InlineData(10, "TASK ID STATUS")]
    public async Task Table_shows_the_columns_that_fit_the_terminal(int width, string columns)
    {
        string[] lines = (await WriteAsync(OutputFormat.Table, new KooJobs { Terminal = true, Width = width, Variables = { ["NO_COLOR"] = "1" } }, Example)).Split('\n');

        Assert.Equal(columns, string.Join(' ', lines[0].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        Assert.All(lines, line => Assert.True(line.Length <= Math.Max(width, 31), line));
    }

    [Fact]
    public async Task Table_aligns_rows_and_shows_codes_by_name()
    {
        string text = await WriteAsync(OutputFormat.Table, Example, new Job { TaskId = "7", Type = (JobType)8, Status = JobStatus.Pending });

        Assert.Equal(
            """
            TASK ID              TYPE                   ACTION                   STATUS      RESULT            FILES  CREATED              TOOK
            1320279189273965056  batch-deletion         deletion-to-recycle-bin  completed   all-succeeded     1      2023-12-27 15:19:04  00:00:00
            7                    8                      -                        pending     -                 -      -                    -

            """,
            text);
    }

    [Fact]
    public async Task Table_has_color_only_on_a_terminal_without_NO_COLOR()
    {
        Assert.Contains("\e[32mcompleted\e[0m", await WriteAsync(OutputFormat.Table, new KooJobs { Terminal = true }, Example), StringComparison.Ordinal);
        Assert.DoesNotContain("\e", await WriteAsync(OutputFormat.Table, Example), StringComparison.Ordinal);
        var plain = new KooJobs { Terminal = true, Variables = { ["NO_COLOR"] = "1" } };
        Assert.DoesNotContain("\e", await WriteAsync(OutputFormat.Table, plain, Example), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_replaces_control_characters_from_the_server() =>
        Assert.Contains("a [31mb c d", await WriteAsync(OutputFormat.Table, new Job { TaskId = "a\e[31mb\u009bc\nd" }), StringComparison.Ordinal);

    [Fact]
    public async Task Table_writes_titles_once_for_several_pages()
    {
        var run = new KooJobs();
        var writer = JobWriter.Create(OutputFormat.Table, run.Environment);
        await writer.WriteAsync([Example]);
        await writer.WriteAsync([Example]);
        await writer.CompleteAsync();

        Assert.Equal(3, run.Lines.Length);
    }

    private static Task<string> WriteAsync(OutputFormat format, params Job[] jobs) => WriteAsync(format, new KooJobs(), jobs);

    private static async Task<string> WriteAsync(OutputFormat format, KooJobs run, params Job[] jobs)
    {
        var writer = JobWriter.Create(format, run.Environment);
        if (jobs.Length > 0)
        {
            await writer.WriteAsync(jobs);
        }

        await writer.CompleteAsync();
        return run.OutputText;
    }
}
