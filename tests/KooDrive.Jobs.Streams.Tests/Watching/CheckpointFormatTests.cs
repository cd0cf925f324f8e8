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
    public void A_checkpoint_reads_back_as_it_was_written()
    {
        var read = CheckpointFormat.Read(CheckpointFormat.Write(State), type: null, Store);

        Assert.Equal(State.Unfinished, read.Unfinished);
        Assert.Equal(State.Frontier, read.Frontier);
        Assert.Equal(State.Finished, read.Finished);
        Assert.Equal(1, read.FrontierSettledFrom);
        Assert.Equal(State.NewestTime, read.NewestTime);
        Assert.Null(read.Type);
    }

    [Property]
    public bool Any_state_reads_back_as_it_was_written(KnownJobData[] unfinished, KnownJobData[] finished, NonNull<string>[] frontier, int settledFrom, DateTimeOffset? newestTime, int? type)
    {
        var state = new TrackerState
        {
            Type = (JobType?)type,
            Unfinished = [.. unfinished.Select(job => job.ToKnownJob())],
            Finished = [.. finished.Select(job => job.ToKnownJob())],
            Frontier = [.. frontier.Select(id => id.Get)],
            FrontierSettledFrom = settledFrom,
            NewestTime = newestTime,
        };

        var read = CheckpointFormat.Read(CheckpointFormat.Write(state), (JobType?)type, Store);

        return read.Unfinished.SequenceEqual(state.Unfinished) && read.Finished.SequenceEqual(state.Finished)
            && read.Frontier.SequenceEqual(state.Frontier) && read.FrontierSettledFrom == settledFrom && read.NewestTime == newestTime && read.Type == state.Type;
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

        Assert.Contains("BatchDeletion", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What the generator fills.</summary>
    public sealed record KnownJobData(FsCheck.NonNull<string> TaskId, int? Status, int? Result, long Place)
    {
        internal KnownJob ToKnownJob() => new(Clean(TaskId.Get), (JobStatus?)Status, (JobResult?)Result, Place);

        // Ids come out of JSON, where a lone surrogate cannot be.
        private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
    }
}
