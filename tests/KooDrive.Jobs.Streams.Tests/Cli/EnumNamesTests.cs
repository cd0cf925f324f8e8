using System.Text.Json;
using KooDrive.Jobs.Streams.Cli.Output;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class EnumNamesTests
{
    [Theory]
    [InlineData("batch-deletion", JobType.BatchDeletion)]
    [InlineData("BatchDeletion", JobType.BatchDeletion)]
    [InlineData("BATCH-DELETION", JobType.BatchDeletion)]
    [InlineData("batchdeletion", JobType.BatchDeletion)]
    [InlineData("2", JobType.BatchDeletion)]
    [InlineData("8", (JobType)8)]
    public void TryParse_reads_a_name_in_any_case_or_a_number(string text, JobType expected)
    {
        Assert.True(EnumNames<JobType>.TryParse(text, out JobType value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1,2")]
    [InlineData("99999999999")]
    [InlineData("batch deletion")]
    [InlineData("deletion")]
    public void TryParse_rejects_anything_else(string text) => Assert.False(EnumNames<JobType>.TryParse(text, out _));

    [Theory]
    [InlineData(JobType.RecycleBinClearance, "recycle-bin-clearance")]
    [InlineData((JobType)8, "8")]
    [InlineData(null, "-")]
    public void Format_returns_the_name_or_the_number_or_a_dash(JobType? value, string expected) => Assert.Equal(expected, EnumNames<JobType>.Format(value));

    [Fact]
    public void TryParse_reads_what_Format_writes_for_every_member()
    {
        foreach (JobAction action in Enum.GetValues<JobAction>())
        {
            Assert.True(EnumNames<JobAction>.TryParse(EnumNames<JobAction>.Format(action), out JobAction read));
            Assert.Equal(action, read);
        }
    }

    [Fact]
    public void JsonName_returns_the_name_that_JSON_has()
    {
        foreach (JobType type in Enum.GetValues<JobType>())
        {
            string json = JsonSerializer.Serialize(new Job { TaskId = "1", Type = type }, JobsJsonContext.Default.Job);
            Assert.Contains($"\"taskTypeName\":\"{EnumNames<JobType>.JsonName(type)}\"", json, StringComparison.Ordinal);
        }

        Assert.Null(EnumNames<JobType>.JsonName((JobType)8));
        Assert.Null(EnumNames<JobType>.JsonName(null));
    }

    [Fact]
    public void Page_uses_the_words_of_the_names()
    {
        using Stream file = typeof(EnumNames<>).Assembly.GetManifestResourceStream("Dashboard/names.js")!;
        string script = new StreamReader(file).ReadToEnd();

        Assert.All(EnumNames<JobType>.All.Concat(EnumNames<JobStatus>.All).Concat(EnumNames<JobResult>.All), name =>
        {
            string words = name.Replace('-', ' ');
            Assert.Contains($"'{char.ToUpperInvariant(words[0])}{words[1..]}'", script, StringComparison.Ordinal);
        });
    }
}
