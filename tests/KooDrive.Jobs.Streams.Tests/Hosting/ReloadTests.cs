using KooDrive.Jobs.Streams.Hosting;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Watching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public sealed class ReloadTests : IAsyncDisposable
{
    private readonly RecordingLogger _log = new();
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
    private readonly WatchUnderTest _test = new();
    private readonly ServiceProvider _provider;

    public ReloadTests()
    {
        Set("PollInterval", "00:00:05");
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_log);
        services.AddLogging();
        services.AddSingleton(_test.Watch);
        services.AddKooDriveJobWatch(_configuration);
        services.AddHealthChecks().AddKooDriveJobs();
        _provider = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _test.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData("PollInterval", "00:00:00")]
    [InlineData("PollInterval", "soon")]
    [InlineData("UnhealthyAfter", "-1")]
    public async Task Reload_with_invalid_values_is_logged_once_and_ignored(string key, string value)
    {
        Assert.Equal(HealthStatus.Healthy, await CheckAsync());

        Set(key, value);
        for (int i = 0; i < 3; i++)
        {
            Reload();
            Assert.Equal(HealthStatus.Healthy, await CheckAsync());
        }

        (int eventId, LogLevel level, string message) = Assert.Single(Own());
        Assert.Equal((310, LogLevel.Error), (eventId, level));
        Assert.Contains(key.Split(':')[^1], message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_with_valid_values_applies_and_a_later_invalid_one_is_logged()
    {
        Assert.Equal(HealthStatus.Healthy, await CheckAsync());
        _test.Poller.Hold = new TaskCompletionSource();
        _test.Record();
        _test.Advance(10);

        Set("UnhealthyAfter", "00:00:05");
        Reload();
        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync());
        Set("UnhealthyAfter", "-1");
        Reload();
        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync());
        Set("UnhealthyAfter", "00:01:00");
        Reload();
        Assert.Equal(HealthStatus.Healthy, await CheckAsync());
        Set("UnhealthyAfter", "-1");
        Reload();

        Assert.Equal([310, 310], Own().Select(entry => entry.EventId));
    }

    [Fact]
    public async Task Current_is_that_of_the_last_reload_when_an_earlier_one_ends_later()
    {
        var factory = new BlockingFactory();
        using var file = new ChangeSource();
        using var vault = new ChangeSource();
        using var options = new LastValidOptions("", factory, [file, vault], _log);
        var earlier = Task.Run(file.Change, TestClients.Cancellation);
        await factory.Blocked.Task;

        // A reload that runs code of the application does not block another reload.
        vault.Change();
        factory.Release.SetResult();
        await earlier;

        Assert.Equal(3, options.Current.MaxHandlerRetries);
    }

    [Fact]
    public void Constructor_throws_when_the_initial_options_are_invalid()
    {
        Set("PollInterval", "00:00:00");

        Assert.Throws<OptionsValidationException>(() => JobWatchRegistration.Options(_provider, serviceKey: null));
    }

    private void Set(string key, string value) => _configuration[key] = value;

    // The options monitor throws the error of invalid values to the caller of the reload. A file watcher has no such caller.
    private void Reload() => _ = Record.Exception(_configuration.Reload);

    private IEnumerable<(int EventId, LogLevel Level, string Message)> Own() => _log.Entries.Where(entry => entry.EventId is >= 300 and < 400);

    private async Task<HealthStatus> CheckAsync() =>
        (await _provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestClients.Cancellation)).Entries["koodrive-jobs"].Status;

    /// <summary>Numbers the options in order of their reloads. The second one waits.</summary>
    private sealed class BlockingFactory : IOptionsFactory<HostedJobWatchOptions>
    {
        private int _count;

        public TaskCompletionSource Blocked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new();

        public HostedJobWatchOptions Create(string name)
        {
            int number = Interlocked.Increment(ref _count);
            if (number == 2)
            {
                Blocked.SetResult();
                Assert.True(Release.Task.Wait(TimeSpan.FromSeconds(30), TestClients.Cancellation));
            }

            return new HostedJobWatchOptions { MaxHandlerRetries = number };
        }
    }

    private sealed class ChangeSource : IOptionsChangeTokenSource<HostedJobWatchOptions>, IDisposable
    {
        private CancellationTokenSource _changed = new();

        public string Name => "";

        public IChangeToken GetChangeToken() => new CancellationChangeToken(_changed.Token);

        public void Change() => Interlocked.Exchange(ref _changed, new CancellationTokenSource()).Cancel();

        public void Dispose() => _changed.Dispose();
    }
}
