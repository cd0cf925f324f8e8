using System.Diagnostics;
using System.Text.Json;
using KooDrive.Jobs.Streams.Accounts;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Silo;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using StackExchange.Redis;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

/// <summary>A cluster on Redis whose silos are processes or hosts in this process, with a client and an emulator.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly RedisServer _redis;
    private readonly string _id = $"test-{Guid.NewGuid():N}";
    private readonly List<SiloProcess> _processes = [];
    private readonly List<IHost> _hosts = [];
    private IHost? _client;

    private TestCluster(RedisServer redis, JobsEmulator emulator) => (_redis, Emulator) = (redis, emulator);

    public JobsEmulator Emulator { get; }

    /// <summary>The events that in-process silos deliver.</summary>
    public RecordingSink Sink { get; } = new();

    /// <summary>The log of in-process silos.</summary>
    public RecordingLogger Log { get; } = new();

    /// <summary>Changes the settings of the next silos.</summary>
    public Func<SiloSettings, SiloSettings> Change { get; init; } = settings => settings;

    public static async Task<TestCluster> CreateAsync(RedisServer redis, Func<SiloSettings, SiloSettings>? change = null)
    {
        redis.SkipIfMissing();
        return new TestCluster(redis, await TestAccounts.StartEmulatorAsync()) { Change = change ?? (settings => settings) };
    }

    /// <summary>Starts a silo in a process of its own. Its events go to the Redis stream.</summary>
    /// <param name="environment">Additional environment variables; null for none.</param>
    public async Task<SiloProcess> StartProcessAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var silo = new SiloProcess(Settings(), environment);
        _processes.Add(silo);
        await silo.StartedAsync();
        return silo;
    }

    /// <summary>Starts a silo in this process. Its events go to the sink.</summary>
    /// <param name="change">Changes the settings; null for no change.</param>
    /// <param name="configure">Changes the services after all others were added; null for no change.</param>
    public async Task<IHost> StartHostAsync(Func<SiloSettings, SiloSettings>? change = null, Action<IServiceCollection>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<ILoggerFactory>(Log);
        ClusterSilo.Add(builder, change?.Invoke(Settings()) ?? Settings());
        builder.Services.AddSingleton<IJobEventSink>(Sink);
        configure?.Invoke(builder.Services);
        IHost host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Starts the watches of accounts through a client of the cluster.</summary>
    public async Task<JobAccount[]> StartAccountsAsync(int count)
    {
        IGrainFactory grains = await ConnectAsync();
        JobAccount[] accounts = [.. Enumerable.Range(0, count).Select(number => TestAccounts.Get(Emulator, number))];
        await Parallel.ForEachAsync(
            accounts, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken },
            async (account, _) => await grains.GetJobWatch(account).StartAsync());
        return accounts;
    }

    public async Task<IGrainFactory> ConnectAsync()
    {
        if (_client is null)
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
            builder.UseOrleansClient(client =>
            {
                client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = _id);
                client.UseRedisClustering(options => options.ConfigurationOptions = ClusterSilo.Redis(Settings()));
            });
            _client = builder.Build();
            await _client.StartAsync(TestContext.Current.CancellationToken);
        }

        return _client.Services.GetRequiredService<IGrainFactory>();
    }

    /// <summary>Returns the keys in the Redis stream, in order.</summary>
    public async Task<IReadOnlyList<string>> ReadKeysAsync()
    {
        StreamEntry[] entries = await _redis.Database.StreamRangeAsync(_id);
        return [.. entries.Select(entry => (string)entry["key"]!).Where(key => key.Length > 0)];
    }

    /// <summary>Waits until the Redis stream has keys. The requests of the polls pace the wait.</summary>
    public async Task WaitForKeysAsync(IReadOnlyCollection<string> keys)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            HashSet<string> read = [.. await ReadKeysAsync()];
            string[] missing = [.. keys.Where(key => !read.Contains(key))];
            if (missing.Length == 0)
            {
                return;
            }

            try
            {
                await Emulator.Requests.WaitForCountAsync(Emulator.Requests.Count + 100, timeout.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Assert.Fail($"{missing.Length} of {keys.Count} states are missing, such as {missing[0]}.");
            }
        }
    }

    /// <summary>Returns the stored number of activations of each account.</summary>
    public async Task<IReadOnlyList<long>> ReadActivationsAsync()
    {
        IServer server = _redis.Database.Multiplexer.GetServers().Single();
        List<long> activations = [];
        foreach (RedisKey key in server.Keys(pattern: $"{_id}*koodrive-job-watch*"))
        {
            using var state = JsonDocument.Parse((byte[])(await _redis.Database.HashGetAsync(key, "data"))!);
            activations.Add(state.RootElement.GetProperty(nameof(JobWatchState.Activation)).GetInt64());
        }

        return activations;
    }

    /// <summary>Returns the time of the last vote to evict a silo.</summary>
    public async Task<DateTimeOffset> LastSuspicionAsync()
    {
        MembershipEntry[] silos = await (await ConnectAsync()).GetGrain<IManagementGrain>(0).GetDetailedHosts();
        return silos.SelectMany(silo => silo.SuspectTimes ?? []).Max(vote => new DateTimeOffset(vote.Item2, TimeSpan.Zero));
    }

    /// <summary>Returns the times of the requests of each account.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset[]> RequestTimes() => Emulator.Requests.Snapshot()
        .GroupBy(request => request.Headers["X-User-Id"])
        .ToDictionary(group => group.Key, group => group.Select(request => request.ReceivedAt).ToArray());

    /// <summary>Disconnects the client, which has no silo while all of them are down.</summary>
    public async Task DisconnectAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync(CancellationToken.None);
            _client.Dispose();
            _client = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();

        foreach (SiloProcess process in _processes)
        {
            process.Dispose();
        }

        await Task.WhenAll(_hosts.Select(host => host.StopAsync(CancellationToken.None)));
        foreach (IHost host in _hosts)
        {
            host.Dispose();
        }

        await Emulator.DisposeAsync();
    }

    private SiloSettings Settings() => Change(new SiloSettings
    {
        RedisPort = _redis.Port,
        ClusterId = _id,
        SiloPort = EmbeddedSilo.FreePort(),
        GatewayPort = EmbeddedSilo.FreePort(),
    });
}

/// <summary>A silo in a process of its own.</summary>
internal sealed class SiloProcess : IDisposable
{
    private readonly Process _process;

    public SiloProcess(SiloSettings settings, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ClusterSilo).Assembly.Location, JsonSerializer.Serialize(settings)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    public async Task StartedAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line == "started")
            {
                // Logs must not fill the buffers of the pipes.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return;
            }
        }

        Assert.Fail($"The silo ended: {await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>Sends a signal, such as TERM, KILL, STOP or CONT.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public Task ExitedAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
