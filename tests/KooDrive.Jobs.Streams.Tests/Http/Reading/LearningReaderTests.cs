using System.Text;
using KooDrive.Jobs.Streams.Http.Reading;
using KooDrive.Jobs.Streams.Model;

namespace KooDrive.Jobs.Streams.Tests.Http.Reading;

public class LearningReaderTests
{
    private readonly LearningReader _reader = new(TimeSpan.Zero);

    [Fact]
    public void Read_keeps_its_layout_for_the_next_page_after_a_rejected_page()
    {
        Assert.Null(_reader.Layout);

        _reader.Read(Encoding.UTF8.GetBytes(Pages.Documented), Pages.Facts);
        JobLayout? learned = _reader.Layout;
        Assert.False(learned!.IsEmpty);

        _reader.Read(Encoding.UTF8.GetBytes(Pages.Documented), Pages.Facts);
        Assert.Same(learned, _reader.Layout);

        Assert.Throws<JobsResponseException>(() => _reader.Read("<html>"u8, Pages.Facts));
        Assert.Same(learned, _reader.Layout);
    }

    [Theory]
    [InlineData("JOB", 1)]
    [InlineData(" JOB ", 1)]
    [InlineData("JOB , JOB", 2)]
    [InlineData("", 0)]
    [InlineData("JOB,{\"taskId\":\"2\",\"new\":\"\\u0041\"}", 2)]
    [InlineData("JOB,", null)]
    [InlineData("JOB,,JOB", null)]
    [InlineData(",JOB", null)]
    [InlineData("JOB,5", null)]
    [InlineData("JOB JOB", null)]
    [InlineData("JOB,[]", null)]
    [InlineData("JOB}", null)]
    public void Read_accepts_the_same_lists_as_the_plain_reader_when_the_first_job_is_known(string list, int? count)
    {
        const string Job = """{"taskId":"1","status":1}""";
        _reader.Read(Encoding.UTF8.GetBytes($$"""{"code":0,"data":[{{Job}}]}"""), Pages.Facts);
        byte[] page = Encoding.UTF8.GetBytes($$"""{"code":0,"data":[{{list.Replace("JOB", Job, StringComparison.Ordinal)}}]}""");

        var outcome = ReaderOutcome.Of(() => _reader.Read(page, Pages.Facts));

        Assert.Equal(count, outcome.Page?.Jobs.Count);
        Assert.True(ReaderOutcome.Of(() => PageReader.Read(page, TimeSpan.Zero, Pages.Facts)).IsLike(outcome));
    }

    [Fact]
    public void Read_rejects_a_page_that_ends_anywhere_like_the_plain_reader()
    {
        const string Job = """{"taskId":"1","status":1}""";
        byte[] page = Encoding.UTF8.GetBytes($$"""{"code":0,"data":[ {{Job}} , {{Job}} ] }""");
        _reader.Read(page, Pages.Facts);
        for (int length = 0; length <= page.Length; length++)
        {
            byte[] start = page[..length];

            var outcome = ReaderOutcome.Of(() => _reader.Read(start, Pages.Facts));

            Assert.Equal(length == page.Length, outcome.Page is not null);
            Assert.True(ReaderOutcome.Of(() => PageReader.Read(start, TimeSpan.Zero, Pages.Facts)).IsLike(outcome));
        }
    }

    [Fact]
    public void Read_counts_invalid_values_on_each_page()
    {
        byte[] page = Encoding.UTF8.GetBytes(
            """{"code":0,"data":[{"taskId":"1","status":1,"progress":"odd"},{"taskId":"2","status":1,"progress":"odd"},{"taskId":"3","status":1,"progress":5}]}""");

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal([new InvalidField("progress", 2, "1")], _reader.Read(page, Pages.Facts).InvalidFields);
        }
    }
}
