using KooDrive.Jobs.Streams.Recovery;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

public sealed class JobAccountTests
{
    [Theory]
    [InlineData("https://Intl.Example.com", "https://intl.example.com|15")]
    [InlineData("https://intl.example.com/", "https://intl.example.com|15")]
    [InlineData("https://intl.example.com:8443/a|b/", "https://intl.example.com:8443/a%7Cb|15")]
    public void Parse_returns_the_account_of_ToString(string endpoint, string text)
    {
        var account = new JobAccount(new Uri(endpoint), "15");

        Assert.Equal(text, account.ToString());
        Assert.Equal(account, JobAccount.Parse(text));
        Assert.Equal(account.GetHashCode(), JobAccount.Parse(text).GetHashCode());
        Assert.Equal("15", JobAccount.Parse(text).UserId);
        Assert.NotEqual(account, new JobAccount(account.Endpoint, "16"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://intl.example.com")]
    [InlineData("https://intl.example.com|")]
    [InlineData("https://intl.example.com|1 5")]
    [InlineData("ftp://intl.example.com|15")]
    [InlineData("https://user@intl.example.com|15")]
    [InlineData("https://intl.example.com?x|15")]
    public void Parse_rejects_other_text(string text) => Assert.Throws<FormatException>(() => JobAccount.Parse(text));

    [Fact]
    public void GetNumber_distributes_accounts_evenly_and_equally_in_each_process()
    {
        int[] numbers = [.. Enumerable.Range(0, 64_000).Select(user => AccountBuckets.GetNumber($"https://intl.example.com|{user}", 64))];

        Assert.All(numbers.CountBy(number => number), bucket => Assert.InRange(bucket.Value, 850, 1150));
        Assert.Equal(64, numbers.Distinct().Count());
        Assert.Equal(KnownNumber, AccountBuckets.GetNumber("https://intl.example.com|1505084218764547200", 64));
    }

    // Computed once: another number would move the accounts of existing clusters to buckets that do not list them.
    private const int KnownNumber = 25;

    [Fact]
    public void Key_is_that_of_the_state_for_each_kind_of_event()
    {
        var account = new JobAccount(new Uri("https://intl.example.com"), "15");
        var running = new Job { TaskId = "7", Status = JobStatus.Processing };
        Job done = running with { Status = JobStatus.Completed, Result = JobResult.PartiallyFailed };

        Assert.Equal("https://intl.example.com|15|7|1|", Key(new JobListed { Job = running }));
        Assert.Equal("https://intl.example.com|15|7|1|", Key(new JobAdded { Job = running }));
        Assert.Equal("https://intl.example.com|15|7|2|2", Key(new JobChanged { Job = done, Previous = running }));
        Assert.Equal("https://intl.example.com|15|7|vanished|2", Key(new JobVanished { Job = done }));
        Assert.Null(Key(new WatchSynced()));

        string? Key(JobEvent next) => new AccountJobEvent(account, next).Key;
    }
}
