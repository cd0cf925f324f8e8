using System.Diagnostics;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Watching.Checkpoints;
using KooDrive.Jobs.Streams.Watching.Tracking;

namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>Checkpoint files that several processes use.</summary>
public sealed class CheckpointProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint-").FullName;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_folder, "jobs.checkpoint");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task Watch_fails_while_another_process_uses_the_checkpoint()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        using KooJobsProcess first = Watch(emulator);
        await ReadPollAsync(first);

        using (KooJobsProcess second = Watch(emulator))
        {
            Assert.Equal(ExitCode.Failed, await second.WaitForExitAsync());
            Assert.Empty(await second.Output.ReadToEndAsync(TestContext.Current.CancellationToken));
            string line = Assert.Single((await second.Error.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd().Split('\n'));
            Assert.StartsWith($"koojobs: --checkpoint: The checkpoint in the file {FilePath} is in use by another consumer.", line, StringComparison.Ordinal);
        }

        await first.SignalAsync("KILL");
        await first.WaitForExitAsync();
        using KooJobsProcess third = Watch(emulator);
        await ReadPollAsync(third);
    }

    [Fact(Timeout = 120_000)]
    public async Task Watch_writes_a_mounted_checkpoint_in_place()
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        string mounted = Path.Combine(_folder, "mounted");
        using (FileStream store = File.Create(mounted))
        {
        }

        await new FileJobCheckpointStore(FilePath).SaveAsync(CheckpointFormat.Write(new TrackerState { Unfinished = [], Finished = [], Recent = [] }), TestContext.Current.CancellationToken);
        File.Copy(FilePath, mounted, overwrite: true);
        byte[] before = await File.ReadAllBytesAsync(mounted, TestContext.Current.CancellationToken);
        string[] launcher = ["unshare", "--map-root-user", "--mount", "sh", "-c", $"mount --bind '{mounted}' '{FilePath}' && exec \"$@\"", "sh"];
        Assert.SkipUnless(await CanRunAsync([.. launcher, "true"]), "This test needs the right to mount in a namespace of its own.");
        emulator.Jobs.Add(taskType: 2);

        using (var watch = new KooJobsProcess(launcher, KooJobs.ConnectionTo(emulator), Arguments))
        {
            await ReadPollAsync(watch);
            await watch.SignalAsync("TERM");
            Assert.Equal(ExitCode.Interrupted, await watch.WaitForExitAsync());
        }

        // Outside of the mount namespace the mounted file contains the longer checkpoint.
        byte[] after = await File.ReadAllBytesAsync(mounted, TestContext.Current.CancellationToken);
        Assert.InRange(after.Length, before.Length + 1, before.Length + 1_000);
        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken));
        Assert.Equal(1, CheckpointFormat.Read(after, type: null, new FileJobCheckpointStore(mounted)).Unfinished.Count);
        Assert.False(File.Exists(FilePath + ".new"));
    }

    private string[] Arguments => ["watch", "--checkpoint", FilePath, "--interval", "0.1", "--output", "ndjson"];

    private KooJobsProcess Watch(JobsEmulator emulator) => new(KooJobs.ConnectionTo(emulator), Arguments);

    private static async Task ReadPollAsync(KooJobsProcess watch)
    {
        string? line = "";
        while (line?.Contains("pollCompleted", StringComparison.Ordinal) is false)
        {
            line = await watch.Output.ReadLineAsync(TestEnd);
        }

        Assert.True(line is not null, "The watch has ended.");
    }

    private static async Task<bool> CanRunAsync(string[] command)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(TestEnd);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
