using System.Text;
using FsCheck;
using FsCheck.Xunit;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public class CheckpointFormatTests
{
    private static readonly MemoryCheckpointStore Store = new();

    private static readonly TrackerState State = new()
    {
        Unfinished = [new KnownJob("1320279189273965056", JobStatus.Processing, null, 7), new KnownJob("no number", null, null, 90)],
        Finished = [new KnownJob("1320279092268104960", JobStatus.Completed, JobResult.AllFailed, 0), new KnownJob("ü\"\n", (JobStatus)9, (JobResult)8, 1)],
        Frontier = ["1320279189273965056", "ü\"\n"],
        FrontierSettledFrom = 1,
        NewestTime = new DateTimeOffset(2026, 1, 1, 8, 0, 1, TimeSpan.FromHours(8)),
    };

    [Fact]
    public void What_a_damaged_checkpoint_says_is_quoted_with_care()
    {
        byte[] file = Encoding.ASCII.GetBytes($"koodrive-jobs-checkpoint \u001b[31m{new string('9', 100_000)} abc\n{{}}");

        var failure = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(file, null, new MemoryCheckpointStore()));

        Assert.InRange(failure.Message.Length, 50, 1_000);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Fact]
    public void A_checkpoint_reads_back_as_it_was_written()
    {
        var read = CheckpointFormat.Read(CheckpointFormat.Write(State), type: null, Store);

        AssertSame(State, read);
    }

    [Property]
    public void Any_state_reads_back_as_it_was_written(
        KnownJobData[] unfinished, KnownJobData[] finished, FsCheck.NonNull<string>[] frontier, int settledFrom, int? type, DateTimeOffset? newest)
    {
        var state = new TrackerState
        {
            Type = (JobType?)type,
            Unfinished = [.. unfinished.Select(job => job.ToKnownJob())],
            Finished = [.. finished.Select(job => job.ToKnownJob())],
            Frontier = [.. frontier.Select(id => Clean(id.Get))],
            FrontierSettledFrom = settledFrom,
            NewestTime = newest,
        };

        AssertSame(state, CheckpointFormat.Read(CheckpointFormat.Write(state), (JobType?)type, Store));
    }

    [Fact]
    public void A_checkpoint_is_small()
    {
        var state = State with
        {
            Unfinished = [],
            Finished = [.. Enumerable.Range(0, 1_000).Select(number =>
                new KnownJob($"{1320279189273965056 + number}", JobStatus.Completed, JobResult.AllSucceeded, number))],
        };

        Assert.InRange(CheckpointFormat.Write(state).Length, 1, 33_000);
    }

    [Fact]
    public void Every_damaged_byte_and_every_missing_end_is_refused()
    {
        var whole = CheckpointFormat.Write(State);
        for (var index = 0; index < whole.Length; index++)
        {
            var damaged = whole.ToArray();
            damaged[index] ^= 1;
            Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(damaged, type: null, Store));
            Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(whole.AsSpan(0, index), type: null, Store));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":1}")]
    [InlineData("hello\nworld\n")]
    public void A_foreign_document_is_refused_with_how_to_start_afresh(string text)
    {
        var error = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(Encoding.UTF8.GetBytes(text), type: null, Store));

        Assert.Contains("the test's memory is not a checkpoint", error.Message, StringComparison.Ordinal);
        Assert.Contains("To start afresh, delete it", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("what happened since the checkpoint is not told.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_is_refused()
    {
        var text = Encoding.UTF8.GetString(CheckpointFormat.Write(State)).Replace("checkpoint 1 ", "checkpoint 2 ", StringComparison.Ordinal);

        var error = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(Encoding.UTF8.GetBytes(text), type: null, Store));

        Assert.Contains("version 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checkpoint_of_a_watch_of_another_type_is_refused()
    {
        var checkpoint = CheckpointFormat.Write(State with { Type = JobType.BatchDeletion });

        var error = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(checkpoint, type: null, Store));

        Assert.Contains("a watch of jobs of type BatchDeletion, and this one watches jobs of every type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_state_is_refused_by_its_checksum()
    {
        byte[] checkpoint = CheckpointFormat.Write(State);
        checkpoint[^1] = (byte)'!';

        var error = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(checkpoint, type: null, Store));

        Assert.Contains("its checksum does not fit", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"1320279189273965056\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1320279189273965056,1,null,7]")]
    [InlineData("[\"1320279189273965056\",\"1\",null,7]")]
    [InlineData("[\"1320279189273965056\",1,[],7]")]
    [InlineData("[\"1320279189273965056\",1,null,null]")]
    [InlineData("[\"1320279189273965056\",1,null]")]
    [InlineData("[\"1320279189273965056\",1,null,7,8]")]
    public void A_job_that_is_none_is_refused_although_the_checksum_fits(string job)
    {
        var error = Refused(body => body.Replace("[\"1320279189273965056\",1,null,7]", job, StringComparison.Ordinal));

        Assert.Contains("does not hold what its version should", error.Message, StringComparison.Ordinal);
        Assert.Contains("A job is [id, status, result, place].", Assert.IsType<System.Text.Json.JsonException>(error.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_state_is_refused_although_the_checksum_fits() =>
        Assert.Contains("There is no state.", Refused(_ => "null").InnerException!.Message, StringComparison.Ordinal);

    private static JobCheckpointException Refused(Func<string, string> change)
    {
        string[] lines = Encoding.UTF8.GetString(CheckpointFormat.Write(State)).Split('\n', 2);
        string body = change(lines[1]);
        Assert.NotEqual(lines[1], body);
        string checksum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        string header = lines[0][..(lines[0].LastIndexOf(' ') + 1)];
        return Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(Encoding.UTF8.GetBytes($"{header}{checksum}\n{body}"), type: null, Store));
    }

    private static void AssertSame(TrackerState expected, TrackerState actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.Unfinished, actual.Unfinished);
        Assert.Equal(expected.Finished, actual.Finished);
        Assert.Equal(expected.Frontier, actual.Frontier);
        Assert.Equal(expected.FrontierSettledFrom, actual.FrontierSettledFrom);
        Assert.Equal(expected.NewestTime, actual.NewestTime);
    }

    // Ids come out of JSON, where a lone surrogate cannot be.
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));

    /// <summary>What the generator fills.</summary>
    public sealed record KnownJobData(FsCheck.NonNull<string> TaskId, int? Status, int? Result, long Place)
    {
        internal KnownJob ToKnownJob() => new(Clean(TaskId.Get), (JobStatus?)Status, (JobResult?)Result, Place);
    }
}
