using FsCheck;
using FsCheck.Xunit;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Watching.Tracking;

public class JobKeyTests
{
    [Theory]
    [InlineData("1320279189273965056")]
    [InlineData("9999999999999999999")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("007")]
    [InlineData("7")]
    [InlineData("0")]
    [InlineData("+7")]
    [InlineData(" 7")]
    [InlineData("7\0")]
    [InlineData("job-7")]
    [InlineData("\u0667")]
    public void Of_round_trips_the_id(string taskId) => Assert.Equal(taskId, JobKey.Of(taskId).ToString());

    [Fact]
    public void Of_distinguishes_ids_that_are_the_same_number()
    {
        string[] ids = ["7", "07", "007", "+7", " 7", "7 ", "7\0", "0", "00"];

        Assert.Equal(ids.Length, ids.Select(JobKey.Of).Append(default).Distinct().Count() - 1);
        Assert.All(ids, id => Assert.Equal(JobKey.Of(id), JobKey.Of(new Job { TaskId = id })));
    }

    // A number is written again and text is kept, so the instance shows which of the two a key is.
    [Theory]
    [InlineData("1", true)]
    [InlineData("9", true)]
    [InlineData("1320279189273965056", true)]
    [InlineData("13202791892739650560", false)]
    [InlineData("0123", false)]
    [InlineData("12a", false)]
    public void Of_keeps_ids_of_up_to_19_digits_as_numbers(string taskId, bool expected) =>
        Assert.Equal(expected, !ReferenceEquals(taskId, JobKey.Of(taskId).ToString()));

    [Property]
    public void Of_is_equal_for_equal_ids_only(ulong one, ulong other, NonNull<string> text)
    {
        string[] ids = [$"{one}", $"{other}", $"{one}{other}", $"0{one}", $"{one}{text.Get}", text.Get];

        Assert.Equal(ids.Distinct().Count(), ids.Select(JobKey.Of).Distinct().Count());
        Assert.All(ids, id => Assert.Equal(id, JobKey.Of(id).ToString()));
    }
}
