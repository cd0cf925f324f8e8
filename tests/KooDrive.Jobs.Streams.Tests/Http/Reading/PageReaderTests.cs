using System.Text;
using KooDrive.Jobs.Streams.Http.Reading;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

public class PageReaderTests
{
    [Fact]
    public void Read_returns_each_field_of_the_documented_example()
    {
        JobPage page = Pages.Read(Pages.Documented);

        Assert.Equal((200, 100, "request", "trace"), (page.Offset, page.Limit, page.RequestId, page.TraceId));
        Assert.Equal([Documented("1320279189273965056", 1, 19, 4), Documented("1320279092268104960", 4, 18, 52)], page.Jobs);

        static Job Documented(string taskId, long contents, int minute, int second)
        {
            var time = new DateTimeOffset(2023, 12, 27, 15, minute, second, TimeSpan.Zero);
            return new Job
            {
                TaskId = taskId,
                Type = JobType.BatchDeletion,
                Action = JobAction.DeletionToRecycleBin,
                Status = JobStatus.Completed,
                Result = JobResult.AllSucceeded,
                ContentCount = contents,
                ContainerId = "IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236",
                BeginTime = time,
                EndTime = time,
                CreateTime = time,
            };
        }
    }

    [Fact]
    public void Read_finds_members_whose_names_are_escaped()
    {
        JobPage page = Pages.Read($$"""
            {"{{Escaped("code")}}":0,"{{Escaped("msg")}}":{"a":1},"{{Escaped("data")}}":[{"{{Escaped("taskId")}}":"1","{{Escaped("taskResultCode")}}":2}]}
            """);

        Assert.Equal(new Job { TaskId = "1", Result = JobResult.PartiallyFailed }, Assert.Single(page.Jobs));
        Assert.Equal("5", Pages.Reject($$"""{"data":[],"{{Escaped("code")}}":5}""").ErrorCode);
    }

    [Fact]
    public void Read_reads_numbers_of_up_to_twenty_escaped_characters()
    {
        Assert.Equal(5, Pages.ReadJob($$"""
            "contentNum":"{{Escaped("00000000000000000005")}}"
            """).ContentCount);
        Assert.Null(Pages.ReadJob($$"""
            "contentNum":"{{Escaped("000000000000000000005")}}"
            """).ContentCount);
    }

    [Fact]
    public void Read_takes_null_for_an_absent_value()
    {
        JobPage page = Pages.Read("""{"code":0,"data":[{"taskId":"1","status":null,"contentNum":null,"createTime":null,"taskName":null,"resultCode":null}]}""");

        Assert.Equal(new Job { TaskId = "1" }, Assert.Single(page.Jobs));
        Assert.Empty(page.InvalidFields);
    }

    [Theory]
    [InlineData("""{"code":0,"msg":{"a":{"b":[1]}},"data":[{"taskId":"1"}]}""")]
    [InlineData("""{"code":0,"msg":[{"msg":1}],"data":[{"taskId":"1"}]}""")]
    [InlineData("""{"code":0,"msg":"OK","data":[{"taskId":"1"}]}""")]
    public void Read_ignores_a_message_that_is_not_text(string body) => Assert.Single(Pages.Read(body).Jobs);

    [Fact]
    public void Read_keeps_the_exception_of_a_value_but_not_that_of_invalid_JSON()
    {
        Assert.IsType<FormatException>(Pages.Reject("[]").InnerException);
        Assert.Null(Pages.Reject("{]").InnerException);
    }

    [Fact]
    public void Read_reads_the_members_of_all_editions_and_skips_others()
    {
        Job job = Assert.Single(Pages.Read(Pages.Full, TimeSpan.FromHours(8)).Jobs);

        Assert.Equal(
            new Job
            {
                TaskId = "1",
                Type = JobType.PackageDownload,
                Action = JobAction.PackagePreview,
                Status = JobStatus.Processing,
                Result = JobResult.PartiallyFailed,
                ResultCode = 13000311,
                ContentCount = 7,
                ContainerId = "c",
                TenantId = "t",
                BeginTime = new DateTimeOffset(2024, 2, 29, 0, 0, 0, TimeSpan.FromHours(8)),
                EndTime = new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.FromHours(8)),
                CreateTime = new DateTimeOffset(2023, 12, 31, 23, 59, 59, TimeSpan.FromHours(8)),
                TaskName = "né",
                UserId = "u",
                Progress = 40,
                DownloadUrl = "https://d/1?k=v",
            },
            job);
        Assert.Equal(TimeSpan.FromHours(8), job.BeginTime!.Value.Offset);
    }

    [Theory]
    [InlineData("""{"code":0,"data":[{"taskId":"1"}],"msg":"OK"}""")]
    [InlineData("""{"data":[{"taskId":"1"}],"msg":null,"code":"0"}""")]
    [InlineData("""{"msg":"OK","new":{"code":1,"data":[]},"data":[{"taskId":1}],"code":0}""")]
    [InlineData("""{"data":[{"taskId":"1"}]}""")]
    [InlineData("""{"code":null,"data":[{"\u0074askId":"\u0031"}]}""")]
    [InlineData("\uFEFF \r\n\t{\"code\":0,\"data\":[{\"taskId\":\"1\"}]}\n\n ")]
    public void Read_accepts_members_in_any_order_and_form(string body) => Assert.Equal(new Job { TaskId = "1" }, Assert.Single(Pages.Read(body).Jobs));

    [Theory]
    [InlineData("""{"code":0,"data":[]}""")]
    [InlineData("""{"code":0,"data":null}""")]
    [InlineData("""{"code":"0","data":null,"msg":""}""")]
    public void Read_returns_an_empty_page_for_no_jobs(string body) => Assert.Empty(Pages.Read(body).Jobs);

    [Theory]
    [InlineData("""{"taskId":1320279189273965056}""", "1320279189273965056")]
    [InlineData("""{"taskId":99999999999999999999999999}""", "99999999999999999999999999")]
    [InlineData("""{"taskId":"00x-Ä"}""", "00x-Ä")]
    public void Read_keeps_the_exact_task_id(string job, string taskId) =>
        Assert.Equal(taskId, Assert.Single(Pages.Read($$"""{"code":0,"data":[{{job}}]}""").Jobs).TaskId);

    [Theory]
    [InlineData("""
        "status":2,"contentNum":3,"resultCode":-4
        """)]
    [InlineData("""
        "status":"2","contentNum":"3","resultCode":"-4"
        """)]
    [InlineData("""
        "status":"\u0032","contentNum":"\u0033","resultCode":"\u002d4"
        """)]
    public void Read_accepts_integers_as_numbers_or_text(string members)
    {
        Job job = Pages.ReadJob(members);

        Assert.Equal((JobStatus.Completed, 3, -4), (job.Status, job.ContentCount, job.ResultCode));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void Read_treats_null_and_empty_as_absent(string nothing)
    {
        string members = string.Join(',', Enum.GetValues<JobMember>()
            .Where(member => member is not (JobMember.TaskId or JobMember.Unknown))
            .Select(member => $"\"{JobMembers.NameOf(member)}\":{nothing}"));

        Assert.Equal(new Job { TaskId = "1" }, Pages.ReadJob(members));
    }

    [Fact]
    public void Read_keeps_undocumented_values()
    {
        Job job = Pages.ReadJob("""
            "taskType":99,"actionType":-1,"status":2147483647,"taskResultCode":-2147483648,"resultCode":-9223372036854775808,"contentNum":9223372036854775807
            """);

        Assert.Equal(((JobType)99, (JobAction)(-1), (JobStatus)int.MaxValue, (JobResult)int.MinValue), (job.Type, job.Action, job.Status, job.Result));
        Assert.Equal((long.MinValue, long.MaxValue), (job.ResultCode, job.ContentCount));
    }

    [Fact]
    public void Read_allocates_repeated_strings_once()
    {
        IEnumerable<string> jobs = Enumerable.Range(0, 50).Select(i => $$"""{"taskId":"{{i}}","containerId":"space-{{i % 2}}","userId":"u","tenantId":"t"}""");

        IReadOnlyList<Job> read = Pages.Read($$"""{"code":0,"data":[{{string.Join(',', jobs)}}]}""").Jobs;

        Assert.Equal(50, read.Count);
        Assert.All(read, (job, i) => Assert.Equal($"space-{i % 2}", job.ContainerId));
        Assert.Same(read[0].ContainerId, read[48].ContainerId);
        Assert.Same(read[0].UserId, read[1].UserId);
        Assert.Same(read[0].TenantId, read[49].TenantId);
    }

    [Fact]
    public void Read_never_confuses_two_strings_however_many_there_are()
    {
        var expected = Enumerable.Range(0, 300).Select(i => (Container: $"c{i * 37 % 100:00}", User: $"{i % 7}{i % 3}{i % 7}")).ToList();
        IEnumerable<string> jobs = expected.Select((job, i) => $$"""{"taskId":{{i}},"containerId":"{{job.Container}}","userId":"{{job.User}}"}""");

        IReadOnlyList<Job> read = Pages.Read($$"""{"code":0,"data":[{{string.Join(',', jobs)}}]}""").Jobs;

        Assert.Equal(expected, read.Select(job => (job.ContainerId!, job.UserId!)));
    }

    [Fact]
    public void Read_shares_the_rare_members_only_of_jobs_with_equal_ones()
    {
        IReadOnlyList<Job> read = Pages.Read("""
            {"code":0,"data":[
            {"taskId":"1","tenantId":"t"},{"taskId":"2","tenantId":"t"},{"taskId":"3","tenantId":"t","resultCode":1},{"taskId":"4"},
            {"taskId":"5","tenantId":"t","resultCode":1,"progress":1},{"taskId":"6","tenantId":"t","resultCode":1,"taskName":"n"},
            {"taskId":"7","tenantId":"t","resultCode":1,"userId":"u"},{"taskId":"8","tenantId":"t","resultCode":1,"downloadUrl":"d"}]}
            """).Jobs;

        Assert.Equal(
            [
                new Job { TaskId = "1", TenantId = "t" },
                new Job { TaskId = "2", TenantId = "t" },
                new Job { TaskId = "3", TenantId = "t", ResultCode = 1 },
                new Job { TaskId = "4" },
                new Job { TaskId = "5", TenantId = "t", ResultCode = 1, Progress = 1 },
                new Job { TaskId = "6", TenantId = "t", ResultCode = 1, TaskName = "n" },
                new Job { TaskId = "7", TenantId = "t", ResultCode = 1, UserId = "u" },
                new Job { TaskId = "8", TenantId = "t", ResultCode = 1, DownloadUrl = "d" },
            ],
            read);
    }

    [Fact]
    public void Read_allocates_little_more_than_a_job_and_its_id()
    {
        IEnumerable<string> jobs = Enumerable.Range(0, 100).Select(i => $$"""
            {"taskId":"{{1320279189273965056 + i}}","taskType":2,"actionType":201,"status":2,"taskResultCode":1,"contentNum":{{i}},
            "containerId":"IAADfsBFCO6WtAtuA9add2fea594e4e75b8feb8474ef236","tenantId":"tenant","beginTime":"202312271519{{i % 60:00}}",
            "endTime":"20231227151904","createTime":"20231227151904"}
            """);
        byte[] body = Encoding.UTF8.GetBytes($$"""{"code":0,"msg":"OK","data":[{{string.Join(',', jobs)}}]}""");
        Pages.Read(body);

        long before = GC.GetAllocatedBytesForCurrentThread();
        JobPage page = Pages.Read(body);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        // A job takes 80 bytes, its id 64, and its reference on the page 8.
        Assert.Equal(100, page.Jobs.Count);
        Assert.InRange(bytes / 100, 100, 160);
    }

    [Fact]
    public void Read_accepts_more_jobs_than_requested()
    {
        IEnumerable<string> jobs = Enumerable.Range(0, 250).Select(i => $$"""{"taskId":{{i}}}""");

        Assert.Equal(250, Pages.Read($$"""{"code":0,"data":[{{string.Join(',', jobs)}}]}""").Jobs.Count);
    }

    [Theory]
    [InlineData("""{"code":13000102,"msg":"bad\u001b[31m\nparameter","data":[]}""", "13000102", "bad [31m parameter")]
    [InlineData("""{"data":{},"code":"13000102","msg":null}""", "13000102", null)]
    [InlineData("""{"code":"APIGW.0301"}""", "APIGW.0301", null)]
    [InlineData("""{"data":[{"taskId":"1"}],"code":-1}""", "-1", null)]
    public void Read_rejects_an_error_code_in_HTTP_200(string body, string code, string? message)
    {
        JobsResponseException rejected = Pages.Reject(body);

        Assert.Equal((code, message), (rejected.ErrorCode, rejected.ApiMessage));
        Assert.Equal((200L, "request", "trace"), (rejected.Offset!.Value, rejected.RequestId, rejected.TraceId));
        Assert.False(rejected.IsTransient);
        Assert.Contains(code, rejected.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html></html>", "web page")]
    [InlineData("Service unavailable", "not valid JSON")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("\"text\"", "not a JSON object")]
    [InlineData("{}", "no data")]
    [InlineData("""{"code":0}""", "no data")]
    [InlineData("""{"data":null}""", "no data")]
    [InlineData("""{"code":0,"data":{}}""", "data is not a list")]
    [InlineData("""{"code":0,"data":"1"}""", "data is not a list")]
    [InlineData("""{"code":true,"data":[]}""", "code is neither text nor a number")]
    [InlineData("""{"code":0,"data":[]} x""", "not valid JSON")]
    [InlineData("""{"code":0,"data":[],}""", "not valid JSON")]
    [InlineData("""{"code":0,"data":[1]}""", "data[0] is not an object")]
    [InlineData("""{"code":0,"data":[{"taskId":"1"},null]}""", "data[1] is not an object")]
    [InlineData("""{"code":0,"data":[{"taskId":"1"},{}]}""", "data[1].taskId is missing")]
    [InlineData("""{"code":0,"data":[{"taskId":""}]}""", "data[0].taskId is missing")]
    [InlineData("""{"code":0,"data":[{"taskId":null}]}""", "data[0].taskId is missing")]
    [InlineData("""{"code":0,"data":[{"taskId":[]}]}""", "data[0].taskId is neither")]
    [InlineData("""{"code":0,"data":[{"taskId":1.32e18}]}""", "data[0].taskId is a number that does not consist of digits")]
    [InlineData("""{"code":0,"data":[{"taskId":"1","taskId":"2"}]}""", "data[0].taskId is duplicated")]
    [InlineData("""{"code":0,"code":1,"data":[]}""", "code is duplicated")]
    [InlineData("""{"code":0,"data":[],"data":[]}""", "data is duplicated")]
    [InlineData("""{"code":0,"msg":"a","msg":"a","data":[]}""", "msg is duplicated")]
    [InlineData("""{"code":0,"data":[{"taskId":"\ud800"}]}""", "data[0].taskId is not text in UTF-8")]
    public void Read_rejects_a_foreign_response_and_names_the_position(string body, string expected)
    {
        JobsResponseException rejected = Pages.Reject(body);

        Assert.Contains(expected, rejected.Message, StringComparison.Ordinal);
        Assert.False(rejected.IsTruncated);
        Assert.Equal(200, rejected.Offset);
    }

    [Fact]
    public void Read_rejects_an_id_that_is_not_UTF_8()
    {
        byte[] body = [.. "{\"code\":0,\"data\":[{\"taskId\":\""u8, 0xC3, 0x28, .. "\"}]}"u8];

        JobsResponseException rejected = Assert.Throws<JobsResponseException>(() => Pages.Read(body));

        Assert.Contains("data[0].taskId is not text in UTF-8", rejected.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("taskType", "\"copy\"")]
    [InlineData("actionType", "1e2")]
    [InlineData("status", "2147483648")]
    [InlineData("status", "\"\\ud800\"")]
    [InlineData("status", "{\"status\":[1,{}]}")]
    [InlineData("taskResultCode", "-2147483649")]
    [InlineData("resultCode", "9223372036854775808")]
    [InlineData("resultCode", "1.5")]
    [InlineData("resultCode", "true")]
    [InlineData("contentNum", "\"1e3\"")]
    [InlineData("containerId", "{\"id\":\"x\"}")]
    [InlineData("tenantId", "false")]
    [InlineData("beginTime", "\"20231227\"")]
    [InlineData("endTime", "\"20161231235960\"")]
    [InlineData("endTime", "\" 20251103070150 \"")]
    [InlineData("createTime", "1762153299000")]
    [InlineData("taskName", "[\"a\"]")]
    [InlineData("userId", "[]")]
    [InlineData("progress", "45.5")]
    [InlineData("progress", "\"45%\"")]
    [InlineData("progress", "\"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001\"")]
    [InlineData("downloadUrl", "{}")]
    public void Read_treats_an_invalid_value_as_absent_and_counts_it(string member, string value)
    {
        string job = $$"""{"taskId":"2","{{member}}":{{value}},"new":1}""";

        JobPage page = Pages.Read($$"""{"code":0,"data":[{"taskId":"1"},{{job}},{{job.Replace("\"2\"", "\"3\"", StringComparison.Ordinal)}},{"taskId":"4","status":2}]}""");

        Assert.Equal(
            [new Job { TaskId = "1" }, new Job { TaskId = "2" }, new Job { TaskId = "3" }, new Job { TaskId = "4", Status = JobStatus.Completed }],
            page.Jobs);
        Assert.Equal([new InvalidField(member, 2, "2")], page.InvalidFields);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("contentNum")]
    [InlineData("endTime")]
    public void Read_treats_a_value_as_absent_that_is_longer_without_escapes_and_invalid_UTF_8(string member)
    {
        byte[] body = [.. Encoding.UTF8.GetBytes($$"""{"code":0,"data":[{"taskId":"1","{{member}}":"\n"""), .. Enumerable.Repeat((byte)0xFF, 100), .. "\"}]}"u8];

        JobPage page = Pages.Read(body);

        Assert.Equal([new Job { TaskId = "1" }], page.Jobs);
        Assert.Equal([new InvalidField(member, 1, "1")], page.InvalidFields);
    }

    [Theory]
    [InlineData("token rejected: SECRET \u001b[2J")]
    [InlineData("{\"code\":0,\"data\":[{\"taskId\":nSECRET")]
    public void Read_does_not_quote_a_response_that_is_not_JSON(string body)
    {
        JobsResponseException exception = Pages.Reject(body);

        Assert.DoesNotContain("SECRET", exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', exception.ToString());
    }

    [Fact]
    public void Read_unescapes_a_member_name_once()
    {
        const int Names = 10_000;
        byte[] body = Encoding.UTF8.GetBytes($$"""{"code":0,"data":[{{{string.Concat(Enumerable.Repeat("\"\\u007a\":0,", Names))}}"taskId":"1"}]}""");
        Pages.Read(body);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Pages.Read(body);

        // Unescaped for each of the 16 known names, a name would allocate 5,000 bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000 * Names);
    }

    [Fact]
    public void Read_rejects_a_page_of_more_than_10000_jobs()
    {
        string jobs = string.Join(',', Enumerable.Range(0, 10_001).Select(id => $$"""{"taskId":"{{id}}"}"""));

        Assert.Contains("data[10000] exceeds the maximum of 10000 jobs on a page.", Pages.Reject($$"""{"code":0,"data":[{{jobs}}]}""").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_shows_ids_of_invalid_fields_without_control_characters()
    {
        InvalidField field = Assert.Single(Pages.Read("""{"code":0,"data":[{"taskId":"1\n\u001b[2J","status":"x"}]}""").InvalidFields);

        Assert.Equal("1  [2J", field.TaskId);
    }

    [Fact]
    public void Read_treats_a_duplicated_member_as_absent_and_counts_it()
    {
        JobPage page = Pages.Read("""{"code":0,"data":[{"taskId":"1","status":1,"status":2,"progress":5,"status":{"status":3}}]}""");

        Assert.Equal([new Job { TaskId = "1", Progress = 5 }], page.Jobs);
        Assert.Equal([new InvalidField("status", 1, "1")], page.InvalidFields);
    }

    [Theory]
    [InlineData("SUCCESS", null, "SUCCESS")]
    [InlineData("KD.0001", null, "KD.0001")]
    [InlineData("-9223372036854775809", null, "-9223372036854775809")]
    [InlineData("1.5", null, "1.5")]
    [InlineData("é\\ud800", null, "é\uFFFD")]
    [InlineData("-4", -4L, "-4")]
    [InlineData("0", 0L, "0")]
    [InlineData("007", null, "007")]
    [InlineData("00", null, "00")]
    [InlineData("-0", null, "-0")]
    [InlineData("-07", null, "-07")]
    [InlineData("+5", null, "+5")]
    [InlineData("\\u0035", 5L, "5")]
    [InlineData("\\u00300101", null, "00101")]
    [InlineData("\\u002d0", null, "-0")]
    public void Read_keeps_a_result_code_that_is_text(string code, long? number, string text)
    {
        string page = $$"""{"code":0,"data":[{"taskId":"1","resultCode":"{{code}}"},{"taskId":"2","resultCode":"{{code}}"}]}""";

        foreach (JobPage read in new[] { Pages.Read(page), new LearningReader(default).Read(Encoding.UTF8.GetBytes(page), Pages.Facts) })
        {
            Assert.All(read.Jobs, job => Assert.Equal((number, text), (job.ResultCode, job.ResultCodeText)));
            Assert.Empty(read.InvalidFields);
        }
    }

    [Theory]
    [InlineData("a\\ud800b", "a\uFFFDb")]
    [InlineData("\\udc00\\ud83d", "\uFFFD\uFFFD")]
    [InlineData("\\ud83d\\ude00", "\ud83d\ude00")]
    [InlineData("\\ud83d\\ud83d\\ude00", "\uFFFD\ud83d\ude00")]
    [InlineData("\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9é", "\"\\/\b\f\n\r\téé")]
    public void Read_replaces_broken_surrogates_in_text(string written, string text)
    {
        JobPage page = Pages.Read($$"""{"code":0,"msg":"{{written}}","data":[{"taskId":"1","{{written}}":0,"taskName":"{{written}}","userId":"{{written}}"}]}""");

        Assert.Equal([new Job { TaskId = "1", TaskName = text, UserId = text }], page.Jobs);
        Assert.Empty(page.InvalidFields);
    }

    [Fact]
    public void Read_replaces_invalid_UTF_8_in_text()
    {
        byte[] body = [.. "{\"code\":0,\"data\":[{\"taskId\":\"1\",\"taskName\":\"a"u8, 0xC3, 0x28, .. "\",\"userId\":\""u8, 0xED, 0xA0, 0x80, .. "\"}]}"u8];

        Job job = Assert.Single(Pages.Read(body).Jobs);

        Assert.Equal(("a\uFFFD(", "\uFFFD\uFFFD\uFFFD"), (job.TaskName, job.UserId));
    }

    [Fact]
    public void Read_ignores_a_message_of_another_type() => Assert.Equal(
        ("1", null), (Pages.Reject("""{"code":1,"msg":[{"a":1}]}""").ErrorCode, Pages.Reject("""{"code":1,"msg":[{"a":1}]}""").ApiMessage));

    [Fact]
    public void Read_rejects_nesting_a_thousand_levels_deep()
    {
        string deep = new string('[', 1000) + new string(']', 1000);

        Assert.False(Pages.Reject($$"""{"code":0,"data":[],"x":{{deep}}}""").IsTruncated);
    }

    [Theory]
    [InlineData(Pages.Documented)]
    [InlineData(Pages.Full)]
    public void Read_reports_truncation_for_every_prefix_of_a_page(string page)
    {
        byte[] body = Encoding.UTF8.GetBytes("\uFEFF" + page.TrimEnd());
        for (int length = 0; length < body.Length; length++)
        {
            JobsResponseException rejected = Assert.Throws<JobsResponseException>(() => Pages.Read(body[..length]));
            Assert.True(rejected.IsTruncated, $"at {length}");
            Assert.True(rejected.IsTransient);
        }
    }

    private static string Escaped(string text) => string.Concat(text.Select(character => $"\\u{(int)character:x4}"));
}
