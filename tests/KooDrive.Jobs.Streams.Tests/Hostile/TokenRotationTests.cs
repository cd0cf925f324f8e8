using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Hostile;

/// <summary>A token that the server replaces before the client can obtain the new token.</summary>
public class TokenRotationTests
{
    [Theory]
    [InlineData("old-token")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Watch_survives_a_provider_that_has_no_new_token_yet(string? provided)
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        emulator.Credentials.ReplaceTokens("old-token");
        string? token = "old-token";
        using JobsClient client = TestClients.ToEmulator(
            emulator.Endpoint,
            options => options.MaxRetries = 0,
            new AccessTokenCredential(_ => token is null ? throw new FileNotFoundException("There is no token file.") : new(token)));
        await using JobWatch watch = client.WatchJobs(
            new JobWatchOptions { PollInterval = TimeSpan.FromSeconds(0.1), MaxPollRetryDelay = TimeSpan.FromSeconds(0.1) });
        int polls = 0, failures = 0;
        string? added = null;

        await foreach (JobEvent next in watch.ReadEventsAsync(TestClients.Cancellation))
        {
            if (next is PollFailed && ++failures == 3)
            {
                token = "new-token";
                added = emulator.Jobs.Add(taskType: 2).TaskId;
            }
            else if (next is PollCompleted && ++polls == 1)
            {
                emulator.Credentials.ReplaceTokens("new-token");
                token = provided;
            }
            else if (next is JobAdded { Job: var job })
            {
                Assert.Equal(added, job.TaskId);
                break;
            }
        }

        Assert.Equal(3, failures);
    }
}
