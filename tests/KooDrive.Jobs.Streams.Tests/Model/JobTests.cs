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
    public void IsFinished_is_true_for_completed_and_canceled_alone(JobStatus? status, bool finished) =>
        Assert.Equal(finished, new Job { TaskId = "1", Status = status }.IsFinished);

    [Theory]
    [InlineData(JobStatus.Completed, JobResult.AllSucceeded, true)]
    [InlineData(JobStatus.Completed, JobResult.PartiallyFailed, false)]
    [InlineData(JobStatus.Completed, JobResult.AllFailed, false)]
    [InlineData(JobStatus.Completed, null, false)]
    [InlineData(JobStatus.Canceled, JobResult.AllSucceeded, false)]
    public void Succeeded_asks_for_both_the_status_and_the_result(JobStatus status, JobResult? result, bool succeeded) =>
        Assert.Equal(succeeded, new Job { TaskId = "1", Status = status, Result = result }.Succeeded);

    [Fact]
    public void ToString_names_unknown_values_by_their_number_and_leaves_the_download_address_out()
    {
        var job = new Job { TaskId = "17", Type = (JobType)8, Status = JobStatus.Completed, DownloadUrl = "https://example/secret" };

        Assert.Equal("Job 17: JobType.8, JobStatus.Completed, no JobResult", job.ToString());
    }
}
