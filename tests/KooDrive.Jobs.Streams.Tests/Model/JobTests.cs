using FsCheck.Xunit;

namespace KooDrive.Jobs.Streams.Tests.Model;

public class JobTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData(JobStatus.Pending, false)]
    [InlineData(JobStatus.Processing, false)]
    [InlineData(JobStatus.Completed, true)]
    [InlineData(JobStatus.Canceled, true)]
    [InlineData((JobStatus)4, false)]
    public void IsFinished_is_true_only_for_completed_and_canceled_jobs(JobStatus? status, bool finished) =>
        Assert.Equal(finished, new Job { TaskId = "1", Status = status }.IsFinished);

    [Theory]
    [InlineData(JobStatus.Completed, JobResult.AllSucceeded, true)]
    [InlineData(JobStatus.Completed, JobResult.PartiallyFailed, false)]
    [InlineData(JobStatus.Completed, JobResult.AllFailed, false)]
    [InlineData(JobStatus.Completed, null, false)]
    [InlineData(JobStatus.Canceled, JobResult.AllSucceeded, false)]
    public void IsSucceeded_requires_both_the_status_and_the_result(JobStatus status, JobResult? result, bool succeeded) =>
        Assert.Equal(succeeded, new Job { TaskId = "1", Status = status, Result = result }.IsSucceeded);

    [Fact]
    public void ToString_shows_unknown_values_as_numbers_and_omits_DownloadUrl()
    {
        var job = new Job { TaskId = "17", Type = (JobType)8, Status = JobStatus.Completed, DownloadUrl = "https://example/secret" };

        Assert.Equal("Job 17: type 8, status Completed, result unknown", job.ToString());
    }

    [Fact]
    public void ToString_is_one_line_of_bounded_length_for_any_id()
    {
        string text = new Job { TaskId = "1\n\u001b[2J" + new string('x', 1_000) }.ToString();

        Assert.StartsWith("Job 1??[2Jx", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 128, 200);
    }

    [Fact]
    public void TaskId_rejects_null_and_empty_text()
    {
        Assert.Throws<ArgumentException>("TaskId", () => new Job { TaskId = "" });
        Assert.Throws<ArgumentNullException>("TaskId", () => new Job { TaskId = null! });
    }

    [Fact]
    public void Init_keeps_each_value()
    {
        DateTimeOffset time = new DateTimeOffset(2024, 2, 29, 1, 2, 3, 4, TimeSpan.FromMinutes(-90)).AddTicks(5);
        var job = new Job
        {
            TaskId = "1",
            Type = (JobType)int.MinValue,
            Action = (JobAction)int.MaxValue,
            Status = JobStatus.Pending,
            Result = 0,
            ResultCode = long.MinValue,
            ContentCount = long.MaxValue,
            ContainerId = "c",
            TenantId = "t",
            BeginTime = time,
            EndTime = DateTimeOffset.MinValue,
            CreateTime = DateTimeOffset.MaxValue,
            TaskName = "n",
            UserId = "u",
            Progress = 0,
            DownloadUrl = "d",
        };

        Assert.Equal(((JobType)int.MinValue, (JobAction)int.MaxValue, JobStatus.Pending, (JobResult)0), (job.Type, job.Action, job.Status, job.Result));
        Assert.Equal((long.MinValue, long.MaxValue, "c", "t"), (job.ResultCode, job.ContentCount, job.ContainerId, job.TenantId));
        Assert.True(time.EqualsExact(job.BeginTime!.Value));
        Assert.Equal((DateTimeOffset.MinValue, DateTimeOffset.MaxValue), (job.EndTime, job.CreateTime));
        Assert.Equal(("n", "u", 0, "d"), (job.TaskName, job.UserId, job.Progress, job.DownloadUrl));
    }

    [Fact]
    public void Properties_are_null_when_not_set_and_zero_when_set_to_zero()
    {
        var empty = new Job { TaskId = "1" };

        Assert.All(
            typeof(Job).GetProperties().Where(property => property.Name is not (nameof(Job.TaskId) or nameof(Job.IsFinished) or nameof(Job.IsSucceeded))),
            property => Assert.Null(property.GetValue(empty)));
        Assert.NotEqual(empty, empty with { Status = JobStatus.Pending });
        Assert.NotEqual(empty, empty with { ContentCount = 0 });
        Assert.NotEqual(empty, empty with { Progress = 0 });
        Assert.NotEqual(empty, empty with { EndTime = DateTimeOffset.MinValue });
    }

    [Theory]
    [InlineData("KD.0001", null, "KD.0001")]
    [InlineData("13000311", 13000311L, "13000311")]
    [InlineData("-7", -7L, "-7")]
    [InlineData("00000101000000", null, "00000101000000")]
    [InlineData("0", 0L, "0")]
    [InlineData("-0", null, "-0")]
    [InlineData("9223372036854775808", null, "9223372036854775808")]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void ResultCode_and_ResultCodeText_share_one_value(string? text, long? number, string? shown)
    {
        var job = new Job { TaskId = "1", ResultCode = 5, ResultCodeText = text };

        Assert.Equal((number, shown), (job.ResultCode, job.ResultCodeText));
        Assert.Equal(job, job with { ResultCodeText = job.ResultCodeText });
        Assert.Equal((5, "5"), ((job with { ResultCode = 5 }).ResultCode, (job with { ResultCode = 5 }).ResultCodeText));
        Assert.Equal(new Job { TaskId = "1" }, job with { ResultCode = null });
    }

    [Fact]
    public void With_changes_only_the_copy_and_null_clears_a_value()
    {
        var job = new Job { TaskId = "1", TaskName = "n", Status = JobStatus.Processing, BeginTime = DateTimeOffset.UnixEpoch };

        Job changed = job with { TaskName = null, Status = null, BeginTime = null, UserId = "u" };

        Assert.Equal(("n", JobStatus.Processing, null), (job.TaskName, job.Status, job.UserId));
        Assert.Equal(new Job { TaskId = "1", UserId = "u" }, changed);
        Assert.Equal(new Job { TaskId = "1" }, changed with { UserId = null });
    }

    [Property(MaxTest = 500)]
    public void Times_keep_their_ticks_and_offsets_in_any_order_of_assignment(DateTime first, DateTime second, int minutes)
    {
        DateTimeOffset exact = At(first, minutes % 840), second15 = At(second.Date.AddSeconds(second.Second), minutes % 56 * 15);
        DateTimeOffset?[] times = [exact, second15, null, DateTimeOffset.UnixEpoch, new(2106, 2, 7, 6, 28, 15, default), new(2106, 2, 7, 6, 28, 16, default)];
        foreach (DateTimeOffset? time in times)
        {
            foreach (DateTimeOffset? other in times)
            {
                var job = new Job { TaskId = "1", BeginTime = time, Extras = null, EndTime = other, CreateTime = time };

                Assert.Equal((Exact(time), Exact(other), Exact(time)), (Exact(job.BeginTime), Exact(job.EndTime), Exact(job.CreateTime)));
                Assert.Equal(time?.UtcTicks, job.Create.UtcTicks);
                Assert.Equal(job, new Job { TaskId = "1", CreateTime = time, EndTime = time, BeginTime = time } with { EndTime = other });
                Assert.Equal(new Job { TaskId = "1" }, job with { BeginTime = null, EndTime = null, CreateTime = null });
            }
        }

        static DateTimeOffset At(DateTime time, int minutes) =>
            new(Math.Clamp(time.Ticks, TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.FromMinutes(minutes));

        static (long, TimeSpan)? Exact(DateTimeOffset? time) => time is { } value ? (value.Ticks, value.Offset) : null;
    }

    [Fact]
    public void Jobs_with_the_same_instant_in_other_offsets_are_not_equal()
    {
        var time = new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);
        var job = new Job { TaskId = "1", CreateTime = time };

        Assert.NotEqual(job, job with { CreateTime = time.ToOffset(TimeSpan.FromHours(1)) });
        Assert.NotEqual(job with { CreateTime = time.AddTicks(1) }, job with { CreateTime = time.AddTicks(1).ToOffset(TimeSpan.FromHours(1)) });
    }

    [Fact]
    public void A_job_of_the_API_takes_80_bytes()
    {
        var jobs = new Job[100];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < jobs.Length; i++)
        {
            jobs[i] = new Job { TaskId = "1", CreateTime = DateTimeOffset.UnixEpoch.AddHours(i + 1), ContentCount = i };
        }

        Assert.Equal(80, (GC.GetAllocatedBytesForCurrentThread() - before) / jobs.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void JobQuery_rejects_negative_values(int value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new JobQuery { Type = (JobType)value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new JobQuery { Status = (JobStatus)value });
    }
}
