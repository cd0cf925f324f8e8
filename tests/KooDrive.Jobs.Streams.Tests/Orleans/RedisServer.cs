using System.Diagnostics;
using StackExchange.Redis;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>A Redis server of the tests, which keeps nothing on disk.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private const string Program = "/usr/bin/redis-server";

    private Process? _process;
    private ConnectionMultiplexer? _connection;

    /// <summary>The port; 0, the default, means a free one.</summary>
    public int Port { get; set; }

    public IDatabase Database => _connection!.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            return;
        }

        Port = Port == 0 ? EmbeddedSilo.FreePort() : Port;
        string[] arguments = ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        _process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true })!;

        // The server writes more lines than the buffer of the pipe holds only if it fails.
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("Ready to accept connections", StringComparison.Ordinal))
        {
        }

        _connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port}");
    }

    /// <summary>Skips the test if Redis is not installed.</summary>
    public void SkipIfMissing() => Assert.SkipWhen(_process is null, $"There is no {Program}; tests/README.md says how to install it.");

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }
    }
}

/// <summary>Tests with Redis, one after the other and beside no others, because some measure how soon a cluster recovers.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RedisTests : ICollectionFixture<RedisServer>
{
    public const string Name = "Redis";
}
