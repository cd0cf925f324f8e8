using System.Collections.Concurrent;
using System.Net;
using System.Reactive.Concurrency;
using System.Runtime.CompilerServices;
using KooDrive.Jobs.Streams.AspNetCore;
using KooDrive.Jobs.Streams.Tests.Http;
using KooDrive.Jobs.Streams.Tests.Watching.Checkpoints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KooDrive.Jobs.Streams.Tests;

/// <summary>The library in an application with a user interface: no continuation of the library needs the thread of the user interface.</summary>
public sealed class SynchronizationContextTests : IDisposable
{
    private const string Running = """{"taskId":"2","taskType":2,"status":1,"createTime":"20251103070139"}""";
    private const string Finished = """{"taskId":"2","taskType":2,"status":2,"taskResultCode":1,"createTime":"20251103070139"}""";
    private const string Older = """{"taskId":"1","taskType":2,"status":2,"taskResultCode":1,"createTime":"20251103070138"}""";

    private readonly RecordingContext _context = new();
    private readonly FailingServer _server = new();
    private readonly JobsClient _client;

    public SynchronizationContextTests() => _client = TestClients.Owning(
        _server,
        options => options.RetryDelay = TimeSpan.Zero,
        credential: new AccessTokenCredential(async _ =>
        {
            await HopAsync();
            return TestClients.Token;
        }));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private JobWatchServices Services => new() { Scheduler = new ContextScheduler(_context) };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task GetPageAsync_posts_nothing_when_it_retries()
    {
        JobPage page = await _context.Run(() => _client.GetPageAsync(JobQuery.All, 0, 10, Cancellation));

        Assert.Equal(2, page.Jobs.Count);
        Assert.Equal(3, _server.RequestCount);
        Assert.Empty(_context.Posts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ListJobs_posts_nothing(int pagesInFlight)
    {
        var options = new JobListingOptions { PageSize = 4, PagesInFlight = pagesInFlight };

        Assert.Equal(2, await CountAsync(_client.ListJobs(options: options)));
        Assert.Equal(1, await CountAsync(_client.ListJobs(options: options).AsPages()));
        Assert.Empty(_context.Posts);
    }

    [Fact]
    public async Task FindJobAsync_and_WaitForFinishAsync_post_nothing()
    {
        Assert.NotNull(await _context.Run(() => _client.FindJobAsync("1", Cancellation)));
        _server.FinishAfter(requests: 5);
        Assert.True((await _context.Run(() => _client.WaitForFinishAsync("2", Timeout.InfiniteTimeSpan, options: null, Services, Cancellation))).IsFinished);
        Assert.Empty(_context.Posts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_posts_nothing_from_its_first_subscription_to_its_disposal(bool isDurable)
    {
        JobWatch watch = _client.WatchJobs(services: Services);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = new HoppingStore();
        Task processing = _context.Run(() => isDurable
            ? watch.ProcessAsync((next, _) => HandleAsync(next), store, Cancellation)
            : watch.ProcessChangesAsync((change, _) => HandleAsync(change), Cancellation));
        await store.Loaded(isDurable);
        Task<int> reading = CountAsync(watch.ReadEventsAsync(Cancellation));
        using IDisposable subscription = _context.Run(() => watch.Events.Subscribe(_ => { }));
        await _context.Run(() => watch.WaitForSyncAsync(Cancellation));
        _server.FinishAfter(requests: 0);
        await seen.Task;

        await _context.Run(() => watch.DisposeAsync().AsTask());

        await processing;
        Assert.True(await reading > 0);
        Assert.Empty(_context.Posts);

        async ValueTask HandleAsync(JobEvent next)
        {
            await HopAsync();
            if (next is JobChange)
            {
                seen.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task Hosted_watch_posts_nothing()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(_client);
        services.AddSingleton(Services);
        services.AddSingleton<IJobCheckpointStore>(new HoppingStore());
        services.AddSingleton<Handler>();
        services.AddKooDriveJobWatch(options => options.HandlerRetryDelay = TimeSpan.Zero).AddHandler<Handler>();
        ServiceProvider provider = services.BuildServiceProvider();
        IHostedService host = Assert.Single(provider.GetServices<IHostedService>());
        await _context.Run(() => ((IHostedLifecycleService)host).StartingAsync(Cancellation));
        await _context.Run(() => host.StartAsync(Cancellation));
        await provider.GetRequiredService<JobWatch>().WaitForSyncAsync(Cancellation);
        _server.FinishAfter(requests: 0);
        await provider.GetRequiredService<Handler>().Succeeded;

        await _context.Run(() => host.StopAsync(Cancellation));
        await _context.Run(() => provider.DisposeAsync().AsTask());

        Assert.Empty(_context.Posts);
    }

    [Fact]
    public async Task Event_stream_posts_nothing()
    {
        JobWatch watch = _client.WatchJobs(services: Services);
        var stream = new JobEventStream(watch, TimeProvider.System, stopping: default);

        Task<int> reading = CountAsync(stream.ReadAsync(Cancellation));
        await watch.WaitForSyncAsync(Cancellation);
        await _context.Run(() => watch.DisposeAsync().AsTask());

        Assert.True(await reading > 0);
        Assert.Empty(_context.Posts);
    }

    // The context is there for each call, and this test itself does not continue on it.
    private async Task<int> CountAsync<T>(IAsyncEnumerable<T> source)
    {
        IAsyncEnumerator<T> items = _context.Run(() => source.GetAsyncEnumerator(Cancellation));
        int count = 0;
        while (await _context.Run(() => items.MoveNextAsync().AsTask()).ConfigureAwait(false))
        {
            count++;
        }

        await _context.Run(() => items.DisposeAsync().AsTask()).ConfigureAwait(false);
        return count;
    }

    /// <summary>An await that never completes synchronously and does not capture the context, because the posts of the test itself must not count.</summary>
    private static ConfiguredTaskAwaitable HopAsync() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    /// <summary>Records where a continuation is posted, and runs it on the thread pool, so that a failing test does not hang.</summary>
    private sealed class RecordingContext : SynchronizationContext
    {
        private readonly ConcurrentQueue<string> _posts = new();

        public IReadOnlyCollection<string> Posts => _posts;

        public T Run<T>(Func<T> start)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            try
            {
                return start();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        public override void Post(SendOrPostCallback d, object? state)
        {
            _posts.Enqueue(Environment.StackTrace);
            ThreadPool.QueueUserWorkItem(_ => d(state));
        }

        public override void Send(SendOrPostCallback d, object? state) => Post(d, state);
    }

    /// <summary>Runs each action with the context, like the scheduler of a user interface, and without a delay.</summary>
    private sealed class ContextScheduler(RecordingContext context) : LocalScheduler
    {
        public override IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
            DefaultScheduler.Instance.Schedule(state, (_, given) => context.Run(() => action(this, given)));
    }

    /// <summary>A server whose responses never arrive synchronously. The first is a failure, the second rejects the token.</summary>
    private sealed class FailingServer : HttpMessageHandler
    {
        private int _requestCount;
        private int _finishedAt = int.MaxValue;

        public int RequestCount => Volatile.Read(ref _requestCount);

        public void FinishAfter(int requests) => Volatile.Write(ref _finishedAt, RequestCount + requests);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await HopAsync();
            int number = Interlocked.Increment(ref _requestCount);
            int offset = int.Parse(System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query)["offset"]!, System.Globalization.CultureInfo.InvariantCulture);
            string job = number > Volatile.Read(ref _finishedAt) ? Finished : Running;
            string body = $$"""{"code":0,"msg":"OK","data":[{{string.Join(',', ((string[])[job, Older]).Skip(offset))}}]}""";
            return new HttpResponseMessage(number switch { 1 => HttpStatusCode.ServiceUnavailable, 2 => HttpStatusCode.Unauthorized, _ => HttpStatusCode.OK })
            {
                Content = new StreamContent(new HoppingStream(System.Text.Encoding.UTF8.GetBytes(body))),
                RequestMessage = request,
            };
        }
    }

    /// <summary>A body that never arrives synchronously.</summary>
    private sealed class HoppingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await HopAsync();
            return Read(buffer.Span);
        }

        public override async ValueTask DisposeAsync()
        {
            await HopAsync();
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A store that never completes synchronously.</summary>
    private sealed class HoppingStore : IJobCheckpointStore
    {
        private readonly MemoryCheckpointStore _store = new();
        private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Loaded(bool isUsed) => isUsed ? _loaded.Task : Task.CompletedTask;

        public async ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellationToken)
        {
            await HopAsync();
            return new HoppingStream([]);
        }

        public async ValueTask<ReadOnlyMemory<byte>?> LoadAsync(CancellationToken cancellationToken)
        {
            await HopAsync();
            _loaded.TrySetResult();
            return await _store.LoadAsync(cancellationToken).ConfigureAwait(false);
        }

        public async ValueTask SaveAsync(ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            await HopAsync();
            await _store.SaveAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A handler that fails once.</summary>
    private sealed class Handler : IJobChangeHandler
    {
        private readonly TaskCompletionSource _succeeded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;

        public Task Succeeded => _succeeded.Task;

        public async ValueTask HandleAsync(JobChange change, CancellationToken cancellationToken)
        {
            await HopAsync();
            if (Interlocked.Increment(ref _calls) == 1)
            {
                throw new InvalidOperationException("fails once");
            }

            _succeeded.TrySetResult();
        }
    }
}
