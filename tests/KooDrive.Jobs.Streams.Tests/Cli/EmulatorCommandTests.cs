using System.IO.Pipelines;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;

namespace KooDrive.Jobs.Streams.Tests.Cli;

public class EmulatorCommandTests
{
    [Fact]
    public async Task Emulator_prints_its_address_and_how_to_connect()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var pipe = new Pipe();
        var errorPipe = new Pipe();
        using var error = new StreamReader(errorPipe.Reader.AsStream());
        var emulator = new KooJobs { Output = pipe.Writer.AsStream(), Error = new StreamWriter(errorPipe.Writer.AsStream()) { AutoFlush = true } };
        Task<int> serving = emulator.RunAsync(interrupt.Token, "emulator", "--jobs", "120", "--seed", "7");
        using var output = new StreamReader(pipe.Reader.AsStream());
        string? address = await output.ReadLineAsync(interrupt.Token);
        Assert.Matches("^listening on http://127\\.0\\.0\\.1:[0-9]+$", address);

        // The commands that the emulator printed.
        Assert.Contains("another terminal", await error.ReadLineAsync(interrupt.Token), StringComparison.Ordinal);
        string[] export = await ReadWordsAsync(error);
        string[] command = await ReadWordsAsync(error);
        Assert.Equal("export", export[0]);
        Assert.Equal("koojobs", command[0]);

        var list = new KooJobs { Variables = export[1..].Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]) };
        Assert.Equal(ExitCode.Success, await list.RunAsync(command[1..]));
        Assert.Equal(120, list.Lines.Length);

        await interrupt.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await serving);
    }

    [Fact]
    public async Task Emulator_shuffles_jobs_of_the_same_second_with_shuffle_ties()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var pipe = new Pipe();
        var emulator = new KooJobs { Output = pipe.Writer.AsStream() };
        Task<int> serving = emulator.RunAsync(interrupt.Token, "emulator", "--jobs", "60", "--shuffle-ties");
        using var output = new StreamReader(pipe.Reader.AsStream());
        var endpoint = new Uri((await output.ReadLineAsync(interrupt.Token))!.Split(' ')[^1]);
        using JobsClient client = TestClients.ToEmulator(endpoint);

        JobPage first = await client.GetPageAsync(JobQuery.All, 0, 100, interrupt.Token);
        JobPage second = await client.GetPageAsync(JobQuery.All, 0, 100, interrupt.Token);

        Assert.NotEqual(first.Jobs.Select(job => job.TaskId), second.Jobs.Select(job => job.TaskId));
        Assert.Equal(first.Jobs.Select(job => job.CreateTime), second.Jobs.Select(job => job.CreateTime));
        await interrupt.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await serving);
    }

    private static async Task<string[]> ReadWordsAsync(StreamReader reader) =>
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task Emulator_reports_the_port_and_the_remedy_when_the_port_is_in_use()
    {
        await using JobsEmulator taken = await KooDrive.Jobs.Streams.Emulator.JobsEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var run = new KooJobs();

        Assert.Equal(ExitCode.Failed, await run.RunAsync("emulator", "--port", $"{taken.Endpoint.Port}"));
        Assert.StartsWith($"koojobs: Port {taken.Endpoint.Port} cannot be used", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("--port", run.ErrorText, StringComparison.Ordinal);
        Assert.Empty(run.OutputText);
    }
}
