using System.Runtime.Versioning;
using System.Text;

namespace KooDrive.Jobs.Streams.Tests.Watching;

public sealed class FileJobCheckpointStoreTests : IDisposable
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint-").FullName;

    private string FilePath => Path.Combine(_folder, "jobs.checkpoint");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_loads_what_was_saved_last_and_null_when_nothing_was()
    {
        var store = new FileJobCheckpointStore(FilePath);
        Assert.Null(await store.LoadAsync(None));

        await store.SaveAsync("a long first one"u8.ToArray(), None);
        await store.SaveAsync("second"u8.ToArray(), None);

        Assert.Equal("second", Encoding.UTF8.GetString((await store.LoadAsync(None))!.Value.Span));
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Its_file_is_readable_by_its_owner_only_whatever_lay_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other file rights.");
        await File.WriteAllTextAsync(FilePath + ".new", "left by somebody", None);
        File.SetUnixFileMode(FilePath + ".new", (UnixFileMode)Convert.ToInt32("666", 8));

        await new FileJobCheckpointStore(FilePath).SaveAsync("checkpoint"u8.ToArray(), None);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal("checkpoint", await File.ReadAllTextAsync(FilePath, None));
    }

    [Fact]
    public async Task It_does_not_write_through_a_link_that_lies_in_its_way()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        var victim = Path.Combine(_folder, "victim");
        await File.WriteAllTextAsync(victim, "precious", None);
        File.CreateSymbolicLink(FilePath + ".new", victim);

        await new FileJobCheckpointStore(FilePath).SaveAsync("checkpoint"u8.ToArray(), None);

        Assert.Equal("precious", await File.ReadAllTextAsync(victim, None));
    }

    [Fact]
    public async Task A_save_that_broke_off_leaves_the_old_checkpoint_whole_and_hinders_no_later_one()
    {
        var store = new FileJobCheckpointStore(FilePath);
        await store.SaveAsync("old"u8.ToArray(), None);
        await File.WriteAllTextAsync(FilePath + ".new", "half of the ne", None);

        Assert.Equal("old", Encoding.UTF8.GetString((await store.LoadAsync(None))!.Value.Span));
        await store.SaveAsync("new"u8.ToArray(), None);
        Assert.Equal("new", Encoding.UTF8.GetString((await store.LoadAsync(None))!.Value.Span));
    }

    [Fact]
    public async Task A_missing_folder_is_an_error_and_not_an_empty_checkpoint()
    {
        var store = new FileJobCheckpointStore(Path.Combine(_folder, "none", "jobs.checkpoint"));

        await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await store.LoadAsync(None));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await store.SaveAsync("x"u8.ToArray(), None));
    }

    [Fact]
    public void It_names_its_file()
    {
        Assert.Equal($"the file {FilePath}", new FileJobCheckpointStore(FilePath).ToString());
        Assert.Throws<ArgumentException>(() => new FileJobCheckpointStore(" "));
    }

    [Fact]
    public async Task A_save_that_does_not_come_to_its_end_leaves_the_old_checkpoint_whole()
    {
        var store = new FileJobCheckpointStore(FilePath);
        await store.SaveAsync("old"u8.ToArray(), None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.SaveAsync("new"u8.ToArray(), new CancellationToken(canceled: true)));

        Assert.Equal("old", await File.ReadAllTextAsync(FilePath, None));
    }

    [Fact]
    public async Task A_file_that_is_far_too_long_is_refused_unread()
    {
        await using (FileStream file = File.Create(FilePath))
        {
            // Takes no room on the disk.
            file.SetLength(10_000_000_000);
        }

        var error = await Assert.ThrowsAsync<JobCheckpointException>(async () => await new FileJobCheckpointStore(FilePath).LoadAsync(None));

        Assert.Contains("is 10000000000 bytes long", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_refuses_a_damaged_file_by_name_and_leaves_it_alone()
    {
        await File.WriteAllTextAsync(FilePath, "not a checkpoint", None);
        await using var test = new WatchUnderTest();

        var error = await Assert.ThrowsAsync<JobCheckpointException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new FileJobCheckpointStore(FilePath), None));

        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
        Assert.Equal("not a checkpoint", await File.ReadAllTextAsync(FilePath, None));
        Assert.Empty(test.Poller.Polls);
    }
}
