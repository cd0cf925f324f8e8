using KooDrive.Jobs.Streams.Hosting;
using KooDrive.Jobs.Streams.Tests.Diagnostics;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Hosting;

public sealed class HandlerCallsTests : IAsyncDisposable
{
    private readonly ChangeRecord _record = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _log = new();
    private readonly StubHandler _server = new();
    private readonly MeasuredClient _measured;
    private readonly ServiceProvider _provider;

    public HandlerCallsTests()
    {
        _measured = new MeasuredClient(_server);
        var services = new ServiceCollection();
        services.AddSingleton(_record);
        services.AddScoped<ScopeToken>();
        services.AddScoped<FirstHandler>();
        services.AddScoped<SecondHandler>();
        _provider = services.BuildServiceProvider(validateScopes: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _measured.DisposeAsync();
        _server.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task CallAsync_calls_each_handler_in_order_in_its_own_scope()
    {
        List<ScopeToken> disposed = ScopeToken.Disposed.Value = [];

        await Calls().CallAsync(Change("1"), TestClients.Cancellation);
        await Calls().CallAsync(Change("2"), TestClients.Cancellation);

        Assert.Equal(["first 1", "second 1", "first 2", "second 2"], _record.TakeAll());
        Assert.Equal(2, disposed.Distinct().Count());
    }

    [Fact]
    public async Task CallAsync_delivers_only_changes_and_gaps()
    {
        HandlerCalls calls = Calls();

        await calls.CallAsync(new WatchSynced { Poll = 1, ObservedAt = default }, TestClients.Cancellation);
        await calls.CallAsync(new JobListed { Job = new Job { TaskId = "1" }, Poll = 1, ObservedAt = default }, TestClients.Cancellation);
        await calls.CallAsync(
            new WatchGap { Reason = WatchGapReason.OrderChanged, Message = "", Poll = 1, ObservedAt = default }, TestClients.Cancellation);

        Assert.Equal(["first gap"], _record.TakeAll());
    }

    [Fact]
    public async Task CallAsync_retries_only_the_failed_handler_after_a_delay()
    {
        int failures = 3;
        _record.Behave = (handler, _) => ThrowIf(handler == "second" && failures-- > 0);
        using MetricCollector<long> retries = _measured.Collect<long>("koodrive.jobs.handler.retries");

        Task calling = Calls(options => options.HandlerRetryDelay = TimeSpan.FromHours(1)).CallAsync(Change("1"), TestClients.Cancellation).AsTask();
        Assert.Equal(["first 1", "second 1"], await _record.TakeAsync(2));
        Assert.False(calling.IsCompleted);
        await _time.RunAsync(calling, TimeSpan.FromHours(1));

        await calling;
        Assert.Equal(["second 1", "second 1", "second 1"], _record.TakeAll());
        Assert.Equal([201, 201, 201], _log.EventIds);
        Assert.Equal(3, retries.GetMeasurementSnapshot().Sum(retry => retry.Value));
        Assert.Equal("drive.example", retries.LastMeasurement!.Tags["server.address"]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task CallAsync_keeps_the_delay_of_a_retry_when_the_wall_clock_jumps(int hours)
    {
        int failures = 1;
        _record.Behave = (_, _) => ThrowIf(failures-- > 0);
        Task calling = Calls(options => options.HandlerRetryDelay = options.MaxHandlerRetryDelay = TimeSpan.FromMinutes(1))
            .CallAsync(Change("1"), TestClients.Cancellation).AsTask();
        Assert.Equal(["first 1"], await _record.TakeAsync(1));

        _time.AdjustTime(_time.GetUtcNow().AddHours(hours));
        Assert.Empty(_record.TakeAll());

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["first 1", "second 1"], await _record.TakeAsync(2));
        await calling;
    }

    [Fact]
    public async Task CallAsync_throws_the_last_exception_of_a_handler_for_StopHost()
    {
        _record.Behave = (_, _) => ThrowIf(true);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Calls(options => options.MaxHandlerRetries = 0)
            .CallAsync(Change("1"), TestClients.Cancellation));

        Assert.Equal(["first 1"], _record.TakeAll());
        Assert.Equal([(201, LogLevel.Warning), (203, LogLevel.Critical)], _log.Entries.Select(entry => (entry.EventId, entry.Level)));
    }

    [Fact]
    public async Task CallAsync_skips_an_event_after_all_retries_for_Skip()
    {
        _record.Behave = (handler, next) => ThrowIf(handler == "first" && next is JobChange { Job.TaskId: "1" });
        HandlerCalls calls = Calls(options =>
        {
            options.MaxHandlerRetries = 2;
            options.HandlerRetryDelay = TimeSpan.Zero;
            options.FailedChangeAction = FailedChangeAction.Skip;
        });
        using MetricCollector<long> skipped = _measured.Collect<long>("koodrive.jobs.handler.skipped");

        await calls.CallAsync(Change("1"), TestClients.Cancellation);
        await calls.CallAsync(Change("2"), TestClients.Cancellation);

        Assert.Equal(["first 1", "first 1", "first 1", "second 1", "first 2", "second 2"], _record.TakeAll());
        Assert.Equal([201, 201, 201, 202], _log.EventIds);
        CollectedMeasurement<long> counted = Assert.Single(skipped.GetMeasurementSnapshot());
        Assert.Equal((1, typeof(FirstHandler).FullName), (counted.Value, counted.Tags["koodrive.jobs.handler.type"]));
    }

    [Fact]
    public async Task CallAsync_ends_immediately_and_skips_nothing_when_canceled_during_a_delay()
    {
        using var cancel = new CancellationTokenSource();
        _record.Behave = (_, _) => ThrowIf(true);
        Task calling = Calls(options => options.FailedChangeAction = FailedChangeAction.Skip).CallAsync(Change("1"), cancel.Token).AsTask();
        Assert.Equal(["first 1"], await _record.TakeAsync(1));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        Assert.DoesNotContain(202, _log.EventIds);
    }

    [Theory]
    [InlineData(FailedChangeAction.StopHost)]
    [InlineData(FailedChangeAction.Skip)]
    public async Task CallAsync_throws_OperationCanceledException_whatever_the_handler_throws(FailedChangeAction failedChanges)
    {
        using var cancel = new CancellationTokenSource();
        var exception = new InvalidOperationException("the operation was aborted");
        _record.Behave = (_, _) =>
        {
            cancel.Cancel();
            throw exception;
        };
        using MetricCollector<long> skipped = _measured.Collect<long>("koodrive.jobs.handler.skipped");

        OperationCanceledException canceled = await Assert.ThrowsAsync<OperationCanceledException>(async () => await Calls(options => options.FailedChangeAction = failedChanges)
            .CallAsync(Change("1"), cancel.Token));

        Assert.Same(exception, canceled.InnerException);
        Assert.Equal(cancel.Token, canceled.CancellationToken);
        Assert.Equal(["first 1"], _record.TakeAll());
        Assert.Empty(_log.EventIds);
        Assert.Empty(skipped.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task CallAsync_retries_when_the_handler_cancels_its_own_work()
    {
        int failures = 1;
        _record.Behave = (_, _) =>
        {
            if (failures-- > 0)
            {
                throw new TaskCanceledException("the handler's own request");
            }
        };

        await Calls(options => options.HandlerRetryDelay = TimeSpan.Zero).CallAsync(Change("1"), TestClients.Cancellation);

        Assert.Equal(["first 1", "first 1", "second 1"], _record.TakeAll());
    }

    private static JobAdded Change(string taskId) => new() { Job = new Job { TaskId = taskId }, Poll = 1, ObservedAt = default };

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new InvalidOperationException("thrown by a handler");
        }
    }

    private HandlerCalls Calls(Action<HostedJobWatchOptions>? change = null)
    {
        var options = new HostedJobWatchOptions();
        change?.Invoke(options);
        return new HandlerCalls(
            _provider.GetRequiredService<IServiceScopeFactory>(),
            [
                new HandlerRegistration(null, typeof(FirstHandler), scope => scope.GetRequiredService<FirstHandler>()),
                new HandlerRegistration(null, typeof(SecondHandler), scope => scope.GetRequiredService<SecondHandler>()),
            ],
            options,
            _time,
            _log,
            _measured.Client.Telemetry);
    }
}
