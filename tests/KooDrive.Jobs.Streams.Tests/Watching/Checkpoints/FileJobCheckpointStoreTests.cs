using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;

namespace KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;

public sealed class FileJobCheckpointStoreTests : IDisposable
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint-").FullName;

    private string FilePath => Path.Combine(_folder, "jobs.checkpoint");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task LoadAsync_returns_the_last_checkpoint_or_null()
    {
        var store = new FileJobCheckpointStore(FilePath);
        Assert.Null(await store.LoadAsync(None));

        await store.SaveAsync("a long first one"u8.ToArray(), None);
        await store.SaveAsync("second"u8.ToArray(), None);

        Assert.Equal("second", Encoding.UTF8.GetString((await store.LoadAsync(None))!.Value.Span));
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task LoadAsync_returns_null_for_an_empty_file_that_SaveAsync_replaces()
    {
        await File.WriteAllTextAsync(FilePath, "", None);
        var store = new FileJobCheckpointStore(FilePath);
        Assert.Null(await store.LoadAsync(None));

        await store.SaveAsync("checkpoint"u8.ToArray(), None);

        Assert.Equal("checkpoint", Encoding.UTF8.GetString((await store.LoadAsync(None))!.Value.Span));
    }

    [Fact]
    public async Task SaveAsync_writes_in_place_when_an_empty_file_cannot_be_replaced()
    {
        await File.WriteAllTextAsync(FilePath, "", None);
        var files = new RecordedFiles { OnReplace = new UnauthorizedAccessException() };

        await new FileJobCheckpointStore(FilePath, files).SaveAsync("checkpoint"u8.ToArray(), None);

        Assert.Equal("flush 10 bytes of jobs.checkpoint", files.Steps[^1]);
        Assert.Equal("checkpoint", await File.ReadAllTextAsync(FilePath, None));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("p")]
    [InlineData("c 1 3")]
    public async Task SaveAsync_rejects_a_pipe_or_a_device_and_leaves_it_in_place(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has none in folders.");
        using (var mknod = Process.Start("mknod", [FilePath, .. kind.Split(' ')]))
        {
            await mknod.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(mknod.ExitCode == 0, "This test needs the right to create a device.");
        }

        var store = new FileJobCheckpointStore(FilePath);
        await using IAsyncDisposable held = await store.LockAsync(None);

        Assert.Null(await store.LoadAsync(None));
        IOException exception = await Assert.ThrowsAsync<IOException>(async () => await store.SaveAsync("checkpoint"u8.ToArray(), None));

        Assert.Contains("is a pipe or a device", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(FilePath).Length);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task SaveAsync_creates_a_file_that_only_its_owner_can_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other file rights.");
        await File.WriteAllTextAsync(FilePath + ".new", "left by another process", None);
        File.SetUnixFileMode(FilePath + ".new", (UnixFileMode)Convert.ToInt32("666", 8));

        await new FileJobCheckpointStore(FilePath).SaveAsync("checkpoint"u8.ToArray(), None);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal("checkpoint", await File.ReadAllTextAsync(FilePath, None));
    }

    [Fact]
    public async Task SaveAsync_does_not_write_through_a_link_with_the_temporary_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        string victim = Path.Combine(_folder, "victim");
        await File.WriteAllTextAsync(victim, "precious", None);
        File.CreateSymbolicLink(FilePath + ".new", victim);

        await new FileJobCheckpointStore(FilePath).SaveAsync("checkpoint"u8.ToArray(), None);

        Assert.Equal("precious", await File.ReadAllTextAsync(victim, None));
    }

    [Fact]
    public async Task SaveAsync_succeeds_after_an_interrupted_save()
    {
        var store = new FileJobCheckpointStore(FilePath);
        await store.SaveAsync("old"u8.ToArray(), None);
        await File.WriteAllTextAsync(FilePath + ".new", "half of the ne", None);

        Assert.Equal("old", Encoding.UTF8.GetString((await store.LoadAsync(None))!.Value.Span));
        await store.SaveAsync("new"u8.ToArray(), None);
        Assert.Equal("new", Encoding.UTF8.GetString((await store.LoadAsync(None))!.Value.Span));
    }

    [Fact]
    public async Task LoadAsync_throws_when_the_folder_does_not_exist()
    {
        var store = new FileJobCheckpointStore(Path.Combine(_folder, "none", "jobs.checkpoint"));

        await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await store.LoadAsync(None));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(async () => await store.SaveAsync("x"u8.ToArray(), None));
    }

    [Fact]
    public void ToString_contains_the_file_path()
    {
        Assert.Equal($"the file {FilePath}", new FileJobCheckpointStore(FilePath).ToString());
        Assert.Throws<ArgumentException>(() => new FileJobCheckpointStore(" "));
    }

    [Fact]
    public async Task SaveAsync_leaves_the_old_checkpoint_intact_when_canceled()
    {
        var store = new FileJobCheckpointStore(FilePath);
        await store.SaveAsync("old"u8.ToArray(), None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.SaveAsync("new"u8.ToArray(), new CancellationToken(canceled: true)));

        Assert.Equal("old", await File.ReadAllTextAsync(FilePath, None));
    }

    [Fact]
    public async Task LoadAsync_rejects_a_file_over_the_size_limit_unread()
    {
        await using (FileStream file = File.Create(FilePath))
        {
            // Takes no space on the disk.
            file.SetLength(10_000_000_000);
        }

        JobCheckpointException exception = await Assert.ThrowsAsync<JobCheckpointException>(async () => await new FileJobCheckpointStore(FilePath).LoadAsync(None));

        Assert.Contains("is 10000000000 bytes long", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessAsync_rejects_a_damaged_file_by_name_and_leaves_it_unchanged()
    {
        await File.WriteAllTextAsync(FilePath, "not a checkpoint", None);
        await using var test = new WatchUnderTest();

        JobCheckpointException exception = await Assert.ThrowsAsync<JobCheckpointException>(
            () => test.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new FileJobCheckpointStore(FilePath), None));

        Assert.Contains(FilePath, exception.Message, StringComparison.Ordinal);
        Assert.Equal("not a checkpoint", await File.ReadAllTextAsync(FilePath, None));
        Assert.Empty(test.Poller.Polls);
    }

    [Fact]
    public async Task SaveAsync_flushes_the_new_checkpoint_to_the_disk_before_it_replaces_the_old_one()
    {
        var files = new RecordedFiles();
        var store = new FileJobCheckpointStore(FilePath, files);

        await store.SaveAsync("checkpoint"u8.ToArray(), None);

        Assert.Equal(["flush 10 bytes of jobs.checkpoint.new", "replace jobs.checkpoint"], files.Steps);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(18)]
    public async Task SaveAsync_writes_in_place_and_flushes_when_the_file_cannot_be_replaced(int errorNumber)
    {
        await File.WriteAllTextAsync(FilePath, "a longer checkpoint", None);
        var files = new RecordedFiles { OnReplace = new IOException("no rename", errorNumber) };

        await new FileJobCheckpointStore(FilePath, files).SaveAsync("checkpoint"u8.ToArray(), None);

        Assert.Equal("checkpoint", await File.ReadAllTextAsync(FilePath, None));
        Assert.Equal(
            ["flush 10 bytes of jobs.checkpoint.new", "replace jobs.checkpoint", "flush 10 bytes of jobs.checkpoint"], files.Steps);
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SaveAsync_writes_in_place_when_nothing_can_be_created_in_the_folder(bool isReadOnlyFileSystem)
    {
        await File.WriteAllTextAsync(FilePath, "old", None);
        Exception failure = isReadOnlyFileSystem ? new IOException("read-only", 30) : new UnauthorizedAccessException("read-only");
        var files = new RecordedFiles { OnOpen = path => path == FilePath ? null : failure };
        var store = new FileJobCheckpointStore(FilePath, files);

        IAsyncDisposable withoutLock = await store.LockAsync(None);
        await store.SaveAsync("checkpoint"u8.ToArray(), None);
        await withoutLock.DisposeAsync();

        Assert.Equal("checkpoint", await File.ReadAllTextAsync(FilePath, None));
        Assert.Equal(["flush 10 bytes of jobs.checkpoint"], files.Steps);
    }

    [Fact]
    public async Task SaveAsync_writes_nothing_in_place_when_canceled_before_the_write()
    {
        await File.WriteAllTextAsync(FilePath, "old", None);
        using var cancel = new CancellationTokenSource();
        var files = new RecordedFiles
        {
            OnOpen = path =>
            {
                cancel.Cancel();
                return path == FilePath ? null : new UnauthorizedAccessException("read-only");
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new FileJobCheckpointStore(FilePath, files).SaveAsync("new"u8.ToArray(), cancel.Token));

        Assert.Equal("old", await File.ReadAllTextAsync(FilePath, None));
        Assert.Empty(files.Steps);
    }

    [Fact]
    public async Task SaveAsync_leaves_the_old_checkpoint_intact_when_the_disk_is_full()
    {
        await File.WriteAllTextAsync(FilePath, "old", None);
        var full = new IOException("No space left on device", 28);
        var files = new RecordedFiles { OnOpen = path => path == FilePath ? null : full };

        Assert.Same(full, await Assert.ThrowsAsync<IOException>(async () => await new FileJobCheckpointStore(FilePath, files).SaveAsync("new"u8.ToArray(), None)));

        Assert.Equal("old", await File.ReadAllTextAsync(FilePath, None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SaveAsync_follows_a_symbolic_link_and_leaves_it_in_place(bool targetExists)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        string target = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "real")).FullName, "target");
        File.CreateSymbolicLink(Path.Combine(_folder, "middle"), "real/target");
        File.CreateSymbolicLink(FilePath, "middle");
        if (targetExists)
        {
            await File.WriteAllTextAsync(target, "old", None);
        }

        var store = new FileJobCheckpointStore(FilePath);
        Assert.Equal(targetExists, await store.LoadAsync(None) is not null);
        await store.SaveAsync("checkpoint"u8.ToArray(), None);

        Assert.Equal("middle", new FileInfo(FilePath).LinkTarget);
        Assert.Equal("checkpoint", await File.ReadAllTextAsync(target, None));
        Assert.Equal("checkpoint", Encoding.UTF8.GetString((await store.LoadAsync(None))!.Value.Span));
        Assert.Equal([target], Directory.GetFiles(Path.GetDirectoryName(target)!));
    }

    [Fact]
    public async Task LockAsync_creates_no_file_when_canceled()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new FileJobCheckpointStore(FilePath).LockAsync(new CancellationToken(canceled: true)));

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task LockAsync_fails_for_a_second_consumer_until_the_first_releases_the_lock()
    {
        var store = new FileJobCheckpointStore(FilePath);
        string link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, FilePath);
        await using (await store.LockAsync(None))
        {
            foreach (string path in new[] { FilePath, link })
            {
                JobCheckpointLockedException exception = await Assert.ThrowsAsync<JobCheckpointLockedException>(async () => await new FileJobCheckpointStore(path).LockAsync(None));
                Assert.EndsWith(
                    $"{path} is in use by another consumer. A checkpoint belongs to one consumer: stop the other consumer, or use a separate checkpoint.",
                    exception.Message,
                    StringComparison.Ordinal);
            }

            await store.SaveAsync("checkpoint"u8.ToArray(), None);
        }

        await using IAsyncDisposable again = await new FileJobCheckpointStore(link).LockAsync(None);
    }

    [Fact]
    public async Task ProcessAsync_holds_the_lock_of_the_checkpoint_until_it_ends()
    {
        using var cancel = new CancellationTokenSource();
        await using var first = new WatchUnderTest();
        await using var second = new WatchUnderTest();
        Task processing = first.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new FileJobCheckpointStore(FilePath), cancel.Token);
        first.Advance(1);

        Task rejected = second.Watch.ProcessAsync((_, _) => ValueTask.CompletedTask, new FileJobCheckpointStore(FilePath), None);
        second.Advance(10);
        Assert.IsType<JobCheckpointLockedException>(rejected.Exception?.InnerException);
        Assert.Empty(second.Poller.Polls);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => processing);
        await using IAsyncDisposable released = await new FileJobCheckpointStore(FilePath).LockAsync(None);
    }
}
