using System.Diagnostics;
using KooDrive.Jobs.Streams.Cli.Execution;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Cli;

/// <summary>A token file that another process writes.</summary>
public sealed class TokenFileTests : IDisposable
{
    private const string Fresh = "fresh-token";

    private readonly string _folder = Directory.CreateTempSubdirectory("token-").FullName;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_folder, "token");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("old")]
    [InlineData("empty")]
    [InlineData("blank")]
    [InlineData("absent")]
    public async Task Watch_continues_when_the_token_file_is_renewed_late(string state)
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        await File.WriteAllTextAsync(FilePath, new JobsEmulatorOptions().AccessToken, TestEnd);
        int rejected = 0;
        WatchTests.ActOnRequest(emulator, (2, Rotate));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        using var output = new LineStream(line =>
        {
            if (line.Contains("pollFailed", StringComparison.Ordinal) && ++rejected == 3)
            {
                File.WriteAllText(FilePath, Fresh);
            }
            else if (rejected >= 3 && line.Contains("pollCompleted", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        });
        var command = new KooJobs { Variables = Variables(emulator), Output = output };

        Assert.Equal(ExitCode.Interrupted, await command.RunAsync(stop.Token, "watch", "--token-file", FilePath, "--interval", "0.1"));

        Assert.Equal(3, rejected);

        // The server accepts only the new token, which the file does not contain yet.
        void Rotate()
        {
            emulator.Credentials.ReplaceTokens(Fresh);
            if (state is "empty" or "blank")
            {
                File.WriteAllText(FilePath, state == "empty" ? "" : " \n");
            }
            else if (state == "absent")
            {
                File.Delete(FilePath);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("\r\n\n")]
    public async Task Watch_waits_at_start_for_a_token_file_that_is_written_later(string? content)
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        if (content is not null)
        {
            await File.WriteAllTextAsync(FilePath, content, TestEnd);
        }

        var time = new FakeTimeProvider();
        using var error = new NoticeWriter();
        var command = new KooJobs { Variables = Variables(emulator), Time = time, Error = error };
        Task<int> watching = command.RunAsync("watch", "--until-idle", "--token-file", FilePath);
        await error.Notice;
        await File.WriteAllTextAsync(FilePath, new JobsEmulatorOptions().AccessToken, TestEnd);
        await time.RunAsync(watching, TimeSpan.FromMilliseconds(0.1));

        Assert.Equal(ExitCode.Success, await watching);
        Assert.Contains("Waiting up to 30 s for the token.", Assert.Single(command.ErrorText.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Cannot read")]
    [InlineData("", "is empty")]
    [InlineData("\n", "is empty")]
    public async Task Watch_fails_when_the_token_file_is_never_written(string? content, string reason)
    {
        if (content is not null)
        {
            await File.WriteAllTextAsync(FilePath, content, TestEnd);
        }

        var time = new FakeTimeProvider();
        long started = time.GetTimestamp();
        var command = new KooJobs { Variables = { ["KOODRIVE_ENDPOINT"] = "http://127.0.0.1:9", ["KOODRIVE_USER_ID"] = "1" }, Time = time };
        Task<int> watching = command.RunAsync("watch", "--token-file", FilePath);

        await time.RunAsync(watching, TimeSpan.FromSeconds(1));

        Assert.Equal(ExitCode.Usage, await watching);
        Assert.InRange(time.GetElapsedTime(started), TimeSpan.FromSeconds(30), TimeSpan.MaxValue);
        Assert.Contains(FilePath, command.ErrorText, StringComparison.Ordinal);
        Assert.Contains(reason, command.ErrorText.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "token")]
    [InlineData("show 1", "token")]
    [InlineData("watch", "no-such-folder/token")]
    public async Task RunAsync_exits_2_without_waiting_for_the_token_file(string name, string file)
    {
        var command = new KooJobs { Variables = { ["KOODRIVE_ENDPOINT"] = "http://127.0.0.1:9", ["KOODRIVE_USER_ID"] = "1" }, Time = new FakeTimeProvider() };

        Assert.Equal(ExitCode.Usage, await command.RunAsync([.. name.Split(' '), "--token-file", Path.Combine(_folder, file)]));

        Assert.Contains("Specify a file that you can read.", command.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting", command.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ends_when_canceled_while_the_token_pipe_has_no_writer()
    {
        using (var mkfifo = Process.Start("mkfifo", FilePath))
        {
            await mkfifo.WaitForExitAsync(TestEnd);
        }

        using var stop = new CancellationTokenSource();
        var command = new KooJobs { Variables = { ["KOODRIVE_ENDPOINT"] = "http://127.0.0.1:9", ["KOODRIVE_USER_ID"] = "1" } };
        Task<int> listing = Task.Run(() => command.RunAsync(stop.Token, "list", "--token-file", FilePath), TestEnd);
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Interrupted, await listing.WaitAsync(TimeSpan.FromMinutes(1), TestEnd));

        // Releases the thread that opens the pipe.
        await using var writer = new FileStream(FilePath, FileMode.Open, FileAccess.ReadWrite);
    }

    [Theory]
    [InlineData("", "is empty", "text")]
    [InlineData("", "is empty", "ndjson")]
    [InlineData("two\nlines", "visible ASCII", "text")]
    [InlineData(null, "Could not find file", "text")]
    [InlineData(null, "Could not find file", "ndjson")]
    public async Task Watch_reports_why_the_token_file_is_invalid_and_the_remedy(string? content, string reason, string format)
    {
        await using JobsEmulator emulator = await WatchTests.StartAsync();
        await File.WriteAllTextAsync(FilePath, new JobsEmulatorOptions().AccessToken, TestEnd);
        WatchTests.ActOnRequest(emulator, (2, Rotate));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        string? failed = null;
        using var output = new LineStream(line =>
        {
            if (line.Contains("failed", StringComparison.OrdinalIgnoreCase))
            {
                failed = line;
                stop.Cancel();
            }
        });
        var command = new KooJobs { Variables = Variables(emulator), Output = output };

        await command.RunAsync(stop.Token, "watch", "--token-file", FilePath, "--interval", "0.1", "--output", format);

        Assert.Contains("The server rejected the token, and no new token is available: --token-file: ", failed, StringComparison.Ordinal);
        Assert.Contains(reason, failed, StringComparison.Ordinal);
        Assert.Contains($"Write the new token to '{FilePath}'.", failed, StringComparison.Ordinal);
        Assert.DoesNotContain("two", failed, StringComparison.Ordinal);

        void Rotate()
        {
            emulator.Credentials.ReplaceTokens(Fresh);
            if (content is null)
            {
                File.Delete(FilePath);
            }
            else
            {
                File.WriteAllText(FilePath, content);
            }
        }
    }

    [Fact]
    public async Task List_exits_2_when_the_token_file_has_no_valid_token()
    {
        await File.WriteAllTextAsync(FilePath, "secret\nlines", TestEnd);
        var command = new KooJobs { Variables = { ["KOODRIVE_ENDPOINT"] = "http://127.0.0.1:9", ["KOODRIVE_USER_ID"] = "1" } };

        Assert.Equal(ExitCode.Usage, await command.RunAsync("list", "--token-file", FilePath));

        Assert.Contains("koojobs: --token-file: The access token must contain only visible ASCII characters", command.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", command.ErrorText, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Variables(JobsEmulator emulator)
    {
        Dictionary<string, string> variables = KooJobs.ConnectionTo(emulator);
        variables.Remove("KOODRIVE_TOKEN");
        return variables;
    }

    /// <summary>Completes a task when a line is written.</summary>
    private sealed class NoticeWriter : StringWriter
    {
        private readonly TaskCompletionSource _notice = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Notice => _notice.Task.WaitAsync(TestEnd);

        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            _notice.TrySetResult();
        }
    }

    /// <summary>Passes each line to a callback as soon as the line is written.</summary>
    private sealed class LineStream(Action<string> onLine) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            onLine(System.Text.Encoding.UTF8.GetString(buffer.Span));
            return ValueTask.CompletedTask;
        }
    }
}
