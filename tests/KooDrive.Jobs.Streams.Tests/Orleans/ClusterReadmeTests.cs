using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Readme;
using StackExchange.Redis;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>The program in the README of the package, as a silo on Redis.</summary>
[Collection(RedisTests.Name)]
public sealed class ClusterReadmeTests(RedisServer redis)
{
    private const string StopName = nameof(ClusterReadmeTests);

    [Fact]
    public async Task Program_of_the_README_delivers_the_jobs_of_an_account_to_Redis()
    {
        LongTests.SkipUnlessEnabled();
        redis.SkipIfMissing();
        await using JobsEmulator emulator = await TestAccounts.StartEmulatorAsync();
        EmulatedJob job = emulator.Jobs.Add(taskType: 2);
        var account = new JobAccount(emulator.Endpoint, "15");
        using var stop = new CancellationTokenSource();
        AppContext.SetData(StopName, stop.Token);
        string readme = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "orleans-README.md"), TestContext.Current.CancellationToken);
        (int line, string text) = Assert.Single(ReadmeText.BlocksOf(readme, "cs"));

        // Other tests may use the default ports at the same time.
        string program = text
            .Replace("silo => silo\n", $"silo => silo.ConfigureEndpoints(System.Net.IPAddress.Loopback, {EmbeddedSilo.FreePort()}, {EmbeddedSilo.FreePort()})\n", StringComparison.Ordinal)
            .Replace("WaitForShutdownAsync()", $"WaitForShutdownAsync((CancellationToken)AppContext.GetData(\"{StopName}\")!)", StringComparison.Ordinal);
        Task running = ReadmeExample.Compile(program, line)(
        [
            $"--Redis=127.0.0.1:{redis.Port}",
            $"--KooDrive:Endpoint={emulator.Endpoint}",
            $"--KooDrive:UserId={account.UserId}",
            $"--KooDrive:Token={new JobsEmulatorOptions().AccessToken}",
        ]);
        while (!(await redis.Database.StreamRangeAsync("koodrive:jobs")).Any(IsDelivered))
        {
            await Task.WhenAny(running, emulator.Requests.WaitForCountAsync(emulator.Requests.Count + 1, TestContext.Current.CancellationToken));
            Assert.False(running.IsCompleted, $"{running.Exception}");
        }

        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        bool IsDelivered(StreamEntry entry) => entry["key"] == TestAccounts.Key(account, job);
    }
}
