using KooDrive.Jobs.Streams.Listing.Cursor;

namespace KooDrive.Jobs.Streams.Tests.Listing.Cursor;

public class TaskIdComparerTests
{
    [Theory]
    [InlineData("1320279189273965056")]
    [InlineData("12345678")]
    [InlineData("1234567")]
    [InlineData("")]
    public void Equal_ids_have_equal_hashes(string taskId)
    {
        string same = new string(taskId.AsSpan());

        Assert.True(TaskIdComparer.Instance.Equals(taskId, same));
        Assert.Equal(TaskIdComparer.Instance.GetHashCode(taskId), TaskIdComparer.Instance.GetHashCode(same));
        Assert.False(TaskIdComparer.Instance.Equals(taskId, taskId + "0"));
        Assert.False(TaskIdComparer.Instance.Equals("a" + taskId, "A" + taskId));
    }

    [Fact]
    public void Ids_of_a_long_list_hardly_ever_share_a_hash()
    {
        var hashes = new HashSet<int>();
        for (int i = 0; i < 50_000; i++)
        {
            hashes.Add(TaskIdComparer.Instance.GetHashCode($"{1_320_279_189_273_965_056 - ((long)i << 23)}"));
            hashes.Add(TaskIdComparer.Instance.GetHashCode($"{1_320_279_189_273_965_056 - i}"));
        }

        // With a perfect hash of 32 bits, one or two of these ids share a hash.
        Assert.InRange(hashes.Count, 99_900, 100_000);
    }
}
