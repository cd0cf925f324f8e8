using System.Text;
using KooDrive.Jobs.Streams.Http.Reading;

namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

/// <summary>Which jobs of a page are read with the layout. The layout of these tests has another offset than the plain reader, so the times of a page show it.</summary>
public class LayoutUseTests
{
    private const string Job = """{"taskId":"1","createTime":"20231227151904"}""";

    // A layout does not read nested values, so this text belongs to the layout.
    private const string OtherJob = """{"taskId":"1","new":{"a":0},"createTime":"20231227151904"}""";

    private const string InvalidJob = """{"taskId":"1","progress":"odd","createTime":"20231227151904"}""";

    private readonly JobLayout _layout = new(TimeSpan.FromHours(1));

    [Theory]
    [InlineData("JOB", "P")]
    [InlineData("JOB,JOB,JOB", "PLL")]
    [InlineData("JOB,OTHER,JOB,OTHER,OTHER", "PPLLL")]
    [InlineData("OTHER,JOB,INVALID,JOB,INVALID", "PPPLP")]
    public void Jobs_are_read_with_the_layout_once_it_was_learned(string list, string expected) => Assert.Equal(expected, Read(list));

    [Theory]
    [InlineData("JOB", "L")]
    [InlineData("JOB,JOB,JOB", "LLL")]
    [InlineData(" JOB\t,\r\n JOB \n,\r\tJOB ", "LLL")]
    [InlineData("JOB,OTHER,JOB,OTHER", "LPLL")]
    [InlineData("OTHER,JOB", "PL")]
    [InlineData("JOB , OTHER , JOB", "LPL")]
    [InlineData("JOB,INVALID,INVALID,JOB", "LPPL")]
    public void Jobs_of_a_known_layout_are_read_with_it_from_the_start_of_the_page(string list, string expected)
    {
        Read("JOB");

        Assert.Equal(expected, Read(list));
    }

    [Fact]
    public void At_most_sixteen_layouts_are_learned_per_page()
    {
        string[] jobs = [.. Enumerable.Range(1, 20).Select(number => OtherJob.Replace(":0}", $":{number}}}", StringComparison.Ordinal))];

        string page = Read(string.Join(',', jobs.Select(job => $"{job},{job}")));

        Assert.Equal(string.Concat(Enumerable.Repeat("PL", 16).Concat(Enumerable.Repeat("PP", 4))), page);
    }

    [Theory]
    [InlineData("0123", """{"taskId":"0123","createTime":"20231227151904"}""")]
    [InlineData("0", """{"taskId":"0","createTime":"20231227151904"}""")]
    [InlineData("12", """{"taskId":12,"createTime":"20231227151904"}""")]
    [InlineData("0", """{"taskId":0,"createTime":"20231227151904"}""")]
    [InlineData("1", """{"taskId":"1","createTime":20231227151904}""")]
    [InlineData("1", """{"taskId":"1","createTime":"20231227151904","contentNum":999999999999999999}""")]
    [InlineData("1", """{"taskId":"1","createTime":"20231227151904","contentNum":"09"}""")]
    [InlineData("1", """{"taskId":"1","createTime":"20231227151904","contentNum":0}""")]
    [InlineData("1", """{"taskId":"1","createTime":"20231227151904","progress":2147483647}""")]
    [InlineData("1", """{"taskId":"1","createTime":"20231227151904","resultCode":"A1","containerId":"~ "}""")]
    [InlineData("1", """{"taskId":"1","createTime":"20231227151904","resultCode":"0","userId":"u","tenantId":"t"}""")]
    [InlineData("1", """{"taskId":"1","createTime":"20231227151904","taskName":"a name","downloadUrl":"https://d/1"}""")]
    [InlineData("1", """{"taskId":"1","new":1,"other":"2","createTime":"20231227151904"}""")]
    public void Simple_values_are_read_with_the_layout(string taskId, string job)
    {
        Assert.Equal("P", Read(job));
        Assert.Equal("LL", Read($"{job},{job}"));
        Assert.Equal(taskId, _layout.Read(Encoding.UTF8.GetBytes(job), out int length)?.TaskId);
        Assert.Equal(job.Length, length);
    }

    [Theory]
    [InlineData("""{"taskId":"1","createTime":20231227151904}""", """{"taskId":"1","createTime":02023122715190}""")]
    [InlineData("""{"taskId":"1","createTime":"20231227151904"}""", """{"taskId":"1","createTime":"2023""")]
    [InlineData("""{"taskId":"1","createTime":"20231227151904"}""", """{"taskId":"1","createTime":""")]
    [InlineData("""{"taskId":"1","contentNum":1}""", """{"taskId":"1","contentNum":""")]
    [InlineData("""{"taskId":"1","contentNum":1}""", """{"taskId":"1","contentNum":9999999999999999999}""")]
    [InlineData("""{"taskId":"1","contentNum":1}""", """{"taskId":"1","contentNum":01}""")]
    [InlineData("""{"taskId":"1","contentNum":1}""", """{"taskId":"1","contentNum":00}""")]
    [InlineData("""{"taskId":"1","progress":1}""", """{"taskId":"1","progress":2147483648}""")]
    [InlineData("""{"taskId":1}""", """{"taskId":01}""")]
    [InlineData("""{"taskId":"1","resultCode":"A"}""", """{"taskId":"1","resultCode":""")]
    [InlineData("""{"taskId":"1","resultCode":"1"}""", """{"taskId":"1","resultCode":"01"}""")]
    [InlineData("""{"taskId":"1","resultCode":"1"}""", """{"taskId":"1","resultCode":"09"}""")]
    [InlineData("""{"taskId":"1","resultCode":"1"}""", """{"taskId":"1","resultCode":"-1"}""")]
    [InlineData("""{"taskId":"1","taskName":"n"}""", """{"taskId":"1","taskName":""}""")]
    [InlineData("""{"taskId":"1","taskName":"n"}""", """{"taskId":"1","taskName":"\""}""")]
    [InlineData("""{"taskId":"1","userId":"u"}""", """{"taskId":"1","userId":""}""")]
    [InlineData("""{"taskId":"1","userId":"u"}""", "{\"taskId\":\"1\",\"userId\":\"\u007F\"}")]
    public void Other_values_are_not_read_with_the_layout(string learned, string job)
    {
        _layout.Learn(Encoding.UTF8.GetBytes(learned));

        Assert.Null(_layout.Read(Encoding.UTF8.GetBytes(job), out _));
        Assert.NotNull(_layout.Read(Encoding.UTF8.GetBytes(learned), out _));
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Text_between_values_is_learned_up_to_512_bytes(int length, bool isLearned)
    {
        const string Start = "\",\"new\":[\"", End = "\"],\"createTime\":\"";
        string between = $"{Start}{new string('x', length - Start.Length - End.Length)}{End}";
        byte[] job = Encoding.UTF8.GetBytes($$"""{"taskId":"1{{between}}20231227151904"}""");

        _layout.Learn(job);

        Assert.Equal(isLearned, _layout.Read(job, out _) is not null);
    }

    [Fact]
    public void Each_state_keeps_six_texts_and_starts_again_with_the_seventh()
    {
        byte[][] jobs = [.. Enumerable.Range(1, 7).Select(number => Encoding.UTF8.GetBytes(OtherJob.Replace(":0}", $":{number}}}", StringComparison.Ordinal)))];
        foreach (byte[] job in (byte[][])[.. jobs[..6], jobs[5], jobs[5]])
        {
            _layout.Learn(job);
        }

        Assert.All(jobs[..6], job => Assert.NotNull(_layout.Read(job, out _)));

        _layout.Learn(jobs[6]);

        Assert.NotNull(_layout.Read(jobs[6], out _));
        Assert.All(jobs[..6], job => Assert.Null(_layout.Read(job, out _)));
    }

    // One character per job: L if it was read with the layout, P if token by token.
    private string Read(string list)
    {
        string text = list.Replace("JOB", Job, StringComparison.Ordinal).Replace("OTHER", OtherJob, StringComparison.Ordinal).Replace("INVALID", InvalidJob, StringComparison.Ordinal);
        byte[] body = Encoding.UTF8.GetBytes($$"""{"code":0,"data":[{{text}}]}""");
        return string.Concat(PageReader.Read(body, TimeSpan.Zero, Pages.Facts, _layout).Jobs.Select(job => job.CreateTime!.Value.Offset == TimeSpan.Zero ? 'P' : 'L'));
    }
}
