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
            new SavedJob("1320279189273965056", JobStatus.Processing, null, Time, 7),
            new SavedJob("not a number", null, null, null, 90) { Regressed = new JobState(JobStatus.Pending, null) },
        ],
        Finished = [new SavedJob("1320279092268104960", JobStatus.Completed, JobResult.AllFailed, Time.AddTicks(1)) { MissCount = byte.MaxValue }, new SavedJob("ü\"\n", (JobStatus)9, (JobResult)8, Time, 1)],
        Evicted = [new SavedJob("1320279092268104961", JobStatus.Pending, null, DateTimeOffset.MaxValue.ToUniversalTime(), 200)],
        Recent = [new RecentJob("1320279189273965057", Time), new RecentJob("ü\"", null)],
        NewestTime = Time,
        SettledTime = Time.AddTicks(-1),
        Floor = DateTimeOffset.MinValue,
        Disorder = 1.5m,
        IsUnsorted = true,
        IsWhole = true,
    };

    [Fact]
    public void Read_escapes_text_of_a_damaged_checkpoint_in_its_message()
    {
        byte[] file = Encoding.ASCII.GetBytes($"koodrive-jobs-checkpoint \u001b[31m{new string('9', 100_000)} abc\n{{}}");

        JobCheckpointException exception = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(file, null, new MemoryCheckpointStore()));

        Assert.InRange(exception.Message.Length, 50, 1_000);
        Assert.DoesNotContain(exception.Message, char.IsControl);
    }

    [Fact]
    public void Write_round_trips_a_checkpoint()
    {
        TrackerState read = CheckpointFormat.Read(CheckpointFormat.Write(State), type: null, Store);

        AssertSame(State, read);
    }

    [Property]
    public void Write_round_trips_any_state(
        SavedJobData[] unfinished, SavedJobData[] finished, (FsCheck.NonNull<string> Id, DateTimeOffset? Time)[] recent, int? type, DateTimeOffset? newest)
    {
        var state = new TrackerState
        {
            Type = (JobType?)type,
            Unfinished = [.. unfinished.Select(job => job.ToSavedJob())],
            Finished = [.. finished.Select(job => job.ToSavedJob())],
            Recent = [.. recent.Select(job => new RecentJob($"id{Clean(job.Id.Get)}", job.Time?.ToUniversalTime()))],
            NewestTime = newest?.ToUniversalTime(),
        };

        AssertSame(state, CheckpointFormat.Read(CheckpointFormat.Write(state), (JobType?)type, Store));
    }

    [Fact]
    public void Write_returns_a_small_document()
    {
        TrackerState state = State with
        {
            Unfinished = [],
            Finished = [.. Enumerable.Range(0, 1_000).Select(number =>
                new SavedJob($"{1320279189273965056 + number}", JobStatus.Completed, JobResult.AllSucceeded, Time, number))],
        };

        Assert.InRange(CheckpointFormat.Write(state).Length, 1, 43_500);
    }

    [Fact]
    public void Read_rejects_every_damaged_byte_and_every_truncation()
    {
        byte[] whole = CheckpointFormat.Write(State);
        for (int index = 0; index < whole.Length; index++)
        {
            byte[] damaged = whole.ToArray();
            damaged[index] ^= 1;
            Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(damaged, type: null, Store));
            Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(whole.AsSpan(0, index), type: null, Store));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":1}")]
    [InlineData("hello\nworld\n")]
    public void Read_rejects_a_foreign_document_and_states_how_to_start_again(string text)
    {
        JobCheckpointException exception = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(Encoding.UTF8.GetBytes(text), type: null, Store));

        Assert.Contains("the test's memory is not a checkpoint", exception.Message, StringComparison.Ordinal);
        Assert.Contains("To start again, delete the checkpoint", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("changes since the checkpoint are not delivered.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_rejects_another_version()
    {
        string text = Encoding.UTF8.GetString(CheckpointFormat.Write(State)).Replace("checkpoint 2 ", "checkpoint 1 ", StringComparison.Ordinal);

        JobCheckpointException exception = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(Encoding.UTF8.GetBytes(text), type: null, Store));

        Assert.Contains("has version 1, and this library reads version 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_rejects_the_checkpoint_of_a_watch_with_another_type()
    {
        byte[] checkpoint = CheckpointFormat.Write(State with { Type = JobType.BatchDeletion });

        JobCheckpointException exception = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(checkpoint, type: null, Store));

        Assert.Contains("a watch of jobs of type BatchDeletion, and this watch is of jobs of every type", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_rejects_a_state_with_a_wrong_checksum()
    {
        byte[] checkpoint = CheckpointFormat.Write(State);
        checkpoint[^1] = (byte)'!';

        JobCheckpointException exception = Assert.Throws<JobCheckpointException>(() => CheckpointFormat.Read(checkpoint, type: null, Store));

        Assert.Contains("its checksum does not match", exception.Message, StringComparison.Ordinal);
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
    [InlineData("[\"1320279189273965056\",1,null,null,7,-8]")]
    [InlineData("[\"1320279189273965056\",1,null,null,7,256]")]
    [InlineData("[\"1320279189273965056\",1,null,253402300800,7]")]
    [InlineData("[\"1320279189273965056\",1,null,-62135596800.5,7]")]
    [InlineData("{\"1320279189273965056\":1}")]
    [InlineData("[\"1320279189273965056\",1,null,null,7,8,null,9]")]
    public void Read_rejects_an_invalid_job_with_a_correct_checksum(string job)
    {
        JobCheckpointException exception = ReadRejected(body => body.Replace("[\"1320279189273965056\",1,null,1767254401,7]", job, StringComparison.Ordinal));

        Assert.Contains("has content that is invalid for its version", exception.Message, StringComparison.Ordinal);
        Assert.Contains("A job is [id, status, result, created, position]", Assert.IsType<System.Text.Json.JsonException>(exception.InnerException).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\"1320279189273965057\",1767254401]", "[\"1320279189273965057\"]", "A remembered job is [id, created].")]
    [InlineData("[\"1320279189273965057\",1767254401]", "[\"1320279189273965057\",1767254401,1]", "A remembered job is [id, created].")]
    [InlineData("1767254401,\"settled", "\"1\",\"settled", "A time is a number of seconds since 1970.")]
    public void Read_rejects_other_invalid_values_with_a_correct_checksum(string valid, string invalid, string message) =>
        Assert.Contains(message, ReadRejected(body => body.Replace(valid, invalid, StringComparison.Ordinal)).InnerException!.Message, StringComparison.Ordinal);

    [Fact]
    public void Read_rejects_a_missing_state_with_a_correct_checksum() =>
        Assert.Contains("There is no state.", ReadRejected(_ => "null").InnerException!.Message, StringComparison.Ordinal);

    private static JobCheckpointException ReadRejected(Func<string, string> change)
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

    // Ids come from JSON, which cannot contain a lone surrogate.
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));

    /// <summary>The values that the generator creates.</summary>
    public sealed record SavedJobData(FsCheck.NonNull<string> TaskId, int? Status, int? Result, DateTimeOffset? CreateTime, FsCheck.NonNegativeInt Position, (int?, int?)? Regressed)
    {
        internal SavedJob ToSavedJob() => new($"id{Clean(TaskId.Get)}", (JobStatus?)Status, (JobResult?)Result, CreateTime?.ToUniversalTime(), Position.Get)
        {
            Regressed = Regressed is var (status, result) ? new JobState((JobStatus?)status, (JobResult?)result) : null,
        };
    }
}
