using System.Text;
using FsCheck;
using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;

public class CheckpointFormatTests
{
    private static readonly MemoryCheckpointStore Store = new();

    private static readonly DateTimeOffset Time = new(2026, 1, 1, 8, 0, 1, TimeSpan.Zero);

    private static readonly TrackerState State = new()
    {
        Unfinished =
        [
            new KnownJob("1320279189273965056", JobStatus.Processing, null, Time, 7),
            new KnownJob("no number", null, null, null, 90) { Regressed = new JobState(JobStatus.Pending, null) },
        ],
        Finished = [new KnownJob("1320279092268104960", JobStatus.Completed, JobResult.AllFailed, Time.AddTicks(1)), new KnownJob("ü\"\n", (JobStatus)9, (JobResult)8, Time, 1)],
        Evicted = [new KnownJob("1320279092268104961", JobStatus.Pending, null, DateTimeOffset.MaxValue.ToUniversalTime(), 200)],
        Recent = [new RecentJob("1320279189273965057", Time), new RecentJob("ü\"", null)],
        NewestTime = Time,
        SettledTime = Time.AddTicks(-1),
        Floor = DateTimeOffset.MinValue,
        Disorder = 1.5m,
        IsUnsorted = true,
        IsWhole = true,
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
        KnownJobData[] unfinished, KnownJobData[] finished, (FsCheck.NonNull<string> Id, DateTimeOffset? Time)[] recent, int? type, DateTimeOffset? newest)
    {
        var state = new TrackerState
        {
            Type = (JobType?)type,
            Unfinished = [.. unfinished.Select(job => job.ToKnownJob())],
            Finished = [.. finished.Select(job => job.ToKnownJob())],
            Recent = [.. recent.Select(job => new RecentJob($"id{Clean(job.Id.Get)}", job.Time?.ToUniversalTime()))],
            NewestTime = newest?.ToUniversalTime(),
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
                new KnownJob($"{1320279189273965056 + number}", JobStatus.Completed, JobResult.AllSucceeded, Time, number))],
        };

        Assert.InRange(CheckpointFormat.Write(state).Length, 1, 43_500);
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
        var text = Encoding.UTF8.GetString(CheckpointFormat.Write(State)).Replace("checkpoint 2 ", "checkpoint 1 ", StringComparison.Ordinal);

        var error = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(Encoding.UTF8.GetBytes(text), type: null, Store));

        Assert.Contains("has version 1, and this library reads version 2", error.Message, StringComparison.Ordinal);
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
    [InlineData("[1320279189273965056,1,null,null,7]")]
    [InlineData("[\"\",1,null,null,7]")]
    [InlineData("[\"1320279189273965056\",\"1\",null,null,7]")]
    [InlineData("[\"1320279189273965056\",1,[],null,7]")]
    [InlineData("[\"1320279189273965056\",1.5,null,null,7]")]
    [InlineData("[\"1320279189273965056\",1,null,1e30,7]")]
    [InlineData("[\"1320279189273965056\",1,null,999999999999,7]")]
    [InlineData("[\"1320279189273965056\",1,null,\"1\",7]")]
    [InlineData("[\"1320279189273965056\",1,null,null,null]")]
    [InlineData("[\"1320279189273965056\",1,null,null,-7]")]
    [InlineData("[\"1320279189273965056\",1,null,null,1e30]")]
    [InlineData("[\"1320279189273965056\",1,null,null]")]
    [InlineData("[\"1320279189273965056\",1,null,null,7,8]")]
    [InlineData("[\"1320279189273965056\",1,null,null,7,8,null,9]")]
    public void A_job_that_is_none_is_refused_although_the_checksum_fits(string job)
    {
        var error = Refused(body => body.Replace("[\"1320279189273965056\",1,null,1767254401,7]", job, StringComparison.Ordinal));

        Assert.Contains("does not hold what its version should", error.Message, StringComparison.Ordinal);
        Assert.Contains("A job is [id, status, result, created, position]", Assert.IsType<System.Text.Json.JsonException>(error.InnerException).Message, StringComparison.Ordinal);
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
        Assert.Equal(expected.Evicted, actual.Evicted);
        Assert.Equal(expected.Recent, actual.Recent);
        Assert.Equal(expected with { Unfinished = [], Finished = [], Evicted = [], Recent = [] }, actual with { Unfinished = [], Finished = [], Evicted = [], Recent = [] });
    }

    // Ids come out of JSON, where a lone surrogate cannot be.
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));

    /// <summary>What the generator fills.</summary>
    public sealed record KnownJobData(FsCheck.NonNull<string> TaskId, int? Status, int? Result, DateTimeOffset? CreateTime, FsCheck.NonNegativeInt Place, (int?, int?)? Regressed)
    {
        internal KnownJob ToKnownJob() => new($"id{Clean(TaskId.Get)}", (JobStatus?)Status, (JobResult?)Result, CreateTime?.ToUniversalTime(), Place.Get)
        {
            Regressed = Regressed is var (status, result) ? new JobState((JobStatus?)status, (JobResult?)result) : null,
        };
    }
}
