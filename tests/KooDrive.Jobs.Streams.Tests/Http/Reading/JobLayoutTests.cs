using System.Text;
using KooDrive.Jobs.Streams.Http.Reading;

namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

public class JobLayoutTests
{
    private const string First = """{"taskId":"1320279189273965056","status":1,"containerId":"space","createTime":"20231227151904"}""";

    [Fact]
    public void Read_reads_a_job_that_is_written_like_an_earlier_job()
    {
        JobLayout layout = Taught(First);

        Job? job = layout.Read("""{"taskId":"x","status":77,"containerId":"other space","createTime":"20240229000001"}, …"""u8, out int length);

        Assert.Equal(
            new Job
            {
                TaskId = "x",
                Status = (JobStatus)77,
                ContainerId = "other space",
                CreateTime = new DateTimeOffset(2024, 2, 29, 0, 0, 1, TimeSpan.Zero),
            },
            job);
        Assert.Equal("""{"taskId":"x","status":77,"containerId":"other space","createTime":"20240229000001"}""".Length, length);
    }

    [Theory]
    [InlineData("""{ "taskId":"1","status":1,"containerId":"c","createTime":"20231227151904"}""")]
    [InlineData("""{"taskId":"","status":1,"containerId":"c","createTime":"20231227151904"}""")]
    [InlineData("""{"taskId":"1","status":-1,"containerId":"c","createTime":"20231227151904"}""")]
    [InlineData("""{"taskId":"1","status":01,"containerId":"c","createTime":"20231227151904"}""")]
    [InlineData("""{"taskId":"1","status":1.0,"containerId":"c","createTime":"20231227151904"}""")]
    [InlineData("""{"taskId":"1","status":2147483648,"containerId":"c","createTime":"20231227151904"}""")]
    [InlineData("""{"taskId":"1","status":1,"containerId":"\u0063","createTime":"20231227151904"}""")]
    [InlineData("""{"taskId":"1","status":1,"containerId":"ç","createTime":"20231227151904"}""")]
    [InlineData("""{"taskId":"1","status":1,"containerId":"c","createTime":"20231327151904"}""")]
    [InlineData("""{"taskId":"1","status":1,"containerId":"c","createTime":"2023122715190"}""")]
    [InlineData("""{"taskId":"1","status":1,"containerId":"c","createTime":"20231227151904","new":1}""")]
    [InlineData("""{"taskId":"1","status":1,"containerId":"c","createTime":"20231227151904" """)]
    [InlineData("""{"taskId":"1","status":1,"containerId":"c""")]
    [InlineData("")]
    public void Read_returns_null_for_any_other_job(string text) =>
        Assert.Null(Taught(First).Read(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("""{"taskId":"1","status":null,"progress":5}""")]
    [InlineData("""{"taskId":"1","status":2,"progress":5}""")]
    [InlineData("""{"taskId":"1","progress":5}""")]
    [InlineData("""{"taskId":"1","status":2,"progress":""}""")]
    [InlineData("""{"taskId":"1","status":2,"progress":5,"new":{"a":[1,"b"]}}""")]
    [InlineData("""{"taskId":"1","progress":5,"new":{"a":[1,"b"]}}""")]
    public void Read_reads_optional_members_in_each_learned_form(string job)
    {
        JobLayout layout = Taught(
            """{"taskId":"1","status":1,"progress":1}""",
            """{"taskId":"1","status":null,"progress":1}""",
            """{"taskId":"1","progress":1}""",
            """{"taskId":"1","status":1,"progress":""}""",
            """{"taskId":"1","status":1,"progress":1,"new":{"a":[1,"b"]}}""");

        Assert.Equal(Pages.Read($$"""{"data":[{{job}}]}""").Jobs[0], layout.Read(Encoding.UTF8.GetBytes(job), out _));
    }

    [Theory]
    [InlineData("""{"taskId":"1","status":1,"progress":5,"status":1}""")]
    [InlineData("""{"taskId":"1","status":null,"progress":5,"status":1}""")]
    [InlineData("""{"taskId":"1","progress":5,"status":1,"progress":5}""")]
    public void Read_returns_null_for_a_duplicated_member(string job)
    {
        JobLayout layout = Taught(
            """{"taskId":"1","status":1,"progress":5}""",
            """{"taskId":"1","status":null,"progress":5}""",
            """{"taskId":"1","progress":5,"status":1}""");

        Assert.Null(layout.Read(Encoding.UTF8.GetBytes(job), out _));
    }

    [Fact]
    public void Read_returns_null_for_a_job_without_an_id()
    {
        JobLayout layout = Taught("""{"status":1,"taskId":"1","progress":5}""", """{"taskId":"1","status":1,"progress":5}""");

        Assert.NotNull(layout.Read("""{"status":1,"taskId":"1","progress":5}"""u8, out _));
        Assert.Null(layout.Read("""{"status":1,"progress":5}"""u8, out _));
    }

    [Fact]
    public void Learn_adapts_when_the_server_changes_its_format()
    {
        var layout = new JobLayout(TimeSpan.Zero);
        for (int version = 0; version < 100; version++)
        {
            byte[] job = Encoding.UTF8.GetBytes($$"""{"taskId":"1","version":{"number":{{version}}},"status":1}""");
            Assert.Null(layout.Read(job, out _));

            layout.Learn(job);

            Assert.Equal(JobStatus.Processing, layout.Read(job, out _)?.Status);
        }
    }

    private static JobLayout Taught(params string[] jobs)
    {
        var layout = new JobLayout(TimeSpan.Zero);
        foreach (string job in jobs)
        {
            layout.Learn(Encoding.UTF8.GetBytes(job));
        }

        return layout;
    }
}
