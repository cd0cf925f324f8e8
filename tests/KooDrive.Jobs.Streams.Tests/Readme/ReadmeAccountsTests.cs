using System.Collections.Concurrent;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Readme;

/// <summary>The README's example of accounts that are added and removed, with shorter intervals.</summary>
public sealed class ReadmeAccountsTests : IDisposable
{
    private const string OutputName = "KooDrive.ReadmeAccountsTests.Output";

    private readonly string _table = Path.GetTempFileName();
    private readonly ConcurrentQueue<string> _output = new();

    public void Dispose() => File.Delete(_table);

    [Fact]
    public void Example_has_at_most_twenty_lines() =>
        Assert.InRange(Example().Text.Split('\n').Count(line => line.Trim().Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)), 1, 20);

    [Fact]
    public async Task Example_adds_and_removes_the_watches_of_accounts_and_merges_their_changes()
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(cancellationToken: TestClients.Cancellation);
        EmulatedJobStore first = emulator.AddUser("first", "first-token");
        EmulatedJobStore second = emulator.AddUser("second", "second-token");
        emulator.AddUser("third", "third-token");
        WriteTable("first,first-token", "third,wrong-token");
        Task program = Start(emulator);

        await RequestsAsync(emulator, "first", 2);
        EmulatedJob job = first.Add(EmulatedJobType.BatchDeletion);
        await OutputAsync(emulator, $"first: {job.TaskId} Pending");
        first.Finish(job.TaskId, EmulatedJobResult.AllSucceeded);
        await OutputAsync(emulator, $"first: {job.TaskId} Completed");

        WriteTable("first,first-token", "second,second-token");
        await RequestsAsync(emulator, "second", 2);
        await OutputAsync(emulator, $"second: {second.Add(EmulatedJobType.BatchDeletion).TaskId} Pending");
        await OutputAsync(emulator, $"first: {first.Add(EmulatedJobType.BatchDeletion).TaskId} Pending");

        WriteTable("second,second-token");
        await UntilAsync(emulator, () => Users(emulator).TakeLast(20).All(user => user == "second"));
        await OutputAsync(emulator, $"second: {second.Add(EmulatedJobType.BatchDeletion).TaskId} Pending");

        File.Delete(_table);
        await program.WaitAsync(TestClients.Cancellation);
        Assert.Equal(0, emulator.Requests.InFlightCount);
        Assert.Single(_output, line => line.StartsWith("third: The server rejected the credentials.", StringComparison.Ordinal));
        Assert.Equal(1, Users(emulator).Count(user => user == "third"));
    }

    private static (int Line, string Text) Example() =>
        ReadmeText.Blocks("csharp").Where(block => block.Value.Contains("GroupByUntil", StringComparison.Ordinal)).Select(block => (block.Key, block.Value)).Single();

    private static IEnumerable<string> Users(JobsEmulator emulator) => emulator.Requests.Snapshot().Select(request => request.Headers["X-User-Id"]);

    private static Task RequestsAsync(JobsEmulator emulator, string user, int count) =>
        UntilAsync(emulator, () => Users(emulator).Count(other => other == user) >= count);

    // The program polls all the time, so that each request is an occasion to check.
    private static async Task UntilAsync(JobsEmulator emulator, Func<bool> condition)
    {
        while (!condition())
        {
            await emulator.Requests.WaitForCountAsync(emulator.Requests.Count + 1, TestClients.Cancellation).WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    private Task OutputAsync(JobsEmulator emulator, string line) => UntilAsync(emulator, () => _output.Contains(line));

    private Task Start(JobsEmulator emulator)
    {
        AppContext.SetData(OutputName, (Action<string>)_output.Enqueue);
        (int line, string text) = Example();
        string example = text
            .Replace("TimeSpan.FromMinutes(1)", "TimeSpan.FromSeconds(0.1)", StringComparison.Ordinal)
            .Replace("TimeSpan.FromSeconds(30)", "TimeSpan.FromSeconds(0.1)", StringComparison.Ordinal)
            .Replace("MaxRequestsPerSecond = 50", "MaxRequestsPerSecond = 1_000", StringComparison.Ordinal)
            .Replace("Console.WriteLine(", $"((Action<string>)AppContext.GetData(\"{OutputName}\")!)(", StringComparison.Ordinal);
        var account = new JobsEmulatorOptions();
        return ReadmeExample.Compile(example, line)([$"{emulator.Endpoint}", account.UserId, account.AccessToken, _table]);
    }

    // The program must not read half a table.
    private void WriteTable(params string[] lines)
    {
        File.WriteAllLines(_table + ".new", lines);
        File.Move(_table + ".new", _table, overwrite: true);
    }
}
