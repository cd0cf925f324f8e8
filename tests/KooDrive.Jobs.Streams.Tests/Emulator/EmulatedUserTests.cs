using System.Net;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Emulator;

public class EmulatedUserTests
{
    private const string OtherUser = "1505084218764547201";
    private const string OtherToken = "other-token";

    [Fact]
    public async Task AddUser_returns_the_store_whose_jobs_only_that_user_receives()
    {
        await using JobsEmulator emulator = await StartAsync();
        EmulatedJobStore others = emulator.AddUser(OtherUser, OtherToken);
        using JobsClient client = TestClients.ToEmulator(emulator.Endpoint);
        JobsClient other = client.ForUser(OtherUser, new AccessTokenCredential(OtherToken));

        string[] own = [emulator.Jobs.Add(EmulatedJobType.BatchDeletion).TaskId, emulator.Jobs.Add(EmulatedJobType.BatchDeletion).TaskId];
        string theirs = others.Add(EmulatedJobType.PackageDownload).TaskId;

        Assert.Equal(own.Reverse(), (await client.GetAsync()).Jobs.Select(job => job.TaskId));
        Assert.Equal([theirs], (await other.GetAsync()).Jobs.Select(job => job.TaskId));
        Assert.DoesNotContain(theirs, own);
    }

    [Fact]
    public async Task A_test_adds_and_finishes_a_job_in_two_lines()
    {
        await using JobsEmulator emulator = await StartAsync();
        using JobsClient client = TestClients.ToEmulator(emulator.Endpoint);

        EmulatedJob job = emulator.Jobs.Add(EmulatedJobType.BatchDeletion, EmulatedJobAction.PermanentDeletion);
        emulator.Jobs.Finish(job.TaskId, EmulatedJobResult.PartiallyFailed);

        Job read = Assert.Single((await client.GetAsync()).Jobs);
        Assert.Equal(
            (JobType.BatchDeletion, JobAction.PermanentDeletion, JobStatus.Completed, JobResult.PartiallyFailed), (read.Type, read.Action, read.Status, read.Result));
    }

    [Fact]
    public async Task AcceptsEveryUser_returns_the_jobs_of_the_first_user_to_unknown_users_with_its_token()
    {
        var options = new JobsEmulatorOptions { AcceptsEveryUser = true };
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        EmulatedJobStore others = emulator.AddUser(OtherUser, OtherToken);
        string shared = emulator.Jobs.Add(EmulatedJobType.BatchDeletion).TaskId;
        string theirs = others.Add(EmulatedJobType.PackageDownload).TaskId;
        using JobsClient client = TestClients.ToEmulator(emulator.Endpoint);

        foreach ((string user, string token, string expected) in new[]
        {
            ("unknown", options.AccessToken, shared), (options.UserId, options.AccessToken, shared), (OtherUser, OtherToken, theirs), (OtherUser, options.AccessToken, theirs),
        })
        {
            Assert.Equal([expected], (await client.ForUser(user, new AccessTokenCredential(token)).GetAsync()).Jobs.Select(job => job.TaskId));
        }

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.ForUser("unknown", new AccessTokenCredential("wrong")).GetAsync());
        await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.ForUser("unknown", new AccessTokenCredential(OtherToken)).GetAsync());
    }

    [Theory]
    [InlineData(null, "emulator-access-token", HttpStatusCode.OK)]
    [InlineData(OtherUser, OtherToken, HttpStatusCode.OK)]
    [InlineData(null, OtherToken, HttpStatusCode.Unauthorized)]
    [InlineData(OtherUser, "emulator-access-token", HttpStatusCode.Unauthorized)]
    [InlineData("unknown", OtherToken, HttpStatusCode.Unauthorized)]
    [InlineData(null, "token-of-all", HttpStatusCode.OK)]
    [InlineData(OtherUser, "token-of-all", HttpStatusCode.OK)]
    [InlineData("unknown", "token-of-all", HttpStatusCode.Unauthorized)]
    [InlineData(OtherUser, "second-token", HttpStatusCode.OK)]
    [InlineData(null, "second-token", HttpStatusCode.Unauthorized)]
    public async Task Token_of_a_user_is_accepted_for_that_user_only(string? userId, string token, HttpStatusCode expected)
    {
        await using JobsEmulator emulator = await StartAsync();
        emulator.AddUser(OtherUser, OtherToken);
        emulator.Credentials.AcceptToken("token-of-all");
        emulator.Credentials.AcceptToken("second-token", OtherUser);
        using var client = new PlainClient(emulator);
        using HttpRequestMessage request = client.Request();
        request.Headers.Remove("Authorization");
        request.Headers.Add("Authorization", $"Bearer+{token}");
        if (userId is not null)
        {
            request.Headers.Remove("X-User-Id");
            request.Headers.Add("X-User-Id", userId);
        }

        Assert.Equal(expected, await client.StatusAsync(request));
    }

    [Fact]
    public async Task AddUser_rejects_a_user_that_exists_and_empty_arguments()
    {
        await using JobsEmulator emulator = await StartAsync();
        emulator.AddUser(OtherUser, OtherToken);

        Assert.Throws<ArgumentException>(() => emulator.AddUser(OtherUser, "another-token"));
        Assert.Throws<ArgumentException>(() => emulator.AddUser(new JobsEmulatorOptions().UserId, "another-token"));
        Assert.Throws<ArgumentException>(() => emulator.AddUser("", OtherToken));
        Assert.Throws<ArgumentException>(() => emulator.AddUser("3", ""));
        Assert.NotNull(emulator.AddUser("3", "another-token"));
    }

    [Fact]
    public void Enumerations_have_the_names_and_values_of_the_library()
    {
        Assert.Equal(Members<JobType>(), Members<EmulatedJobType>());
        Assert.Equal(Members<JobAction>(), Members<EmulatedJobAction>());
        Assert.Equal(Members<JobResult>(), Members<EmulatedJobResult>());

        static IEnumerable<(string, int)> Members<T>()
            where T : struct, Enum => Enum.GetValues<T>().Select(value => (value.ToString(), Convert.ToInt32(value, provider: null)));
    }

    private static Task<JobsEmulator> StartAsync() => JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
}
