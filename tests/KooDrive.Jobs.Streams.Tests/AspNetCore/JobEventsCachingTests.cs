using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace KooDrive.Jobs.Streams.Tests.AspNetCore;

/// <summary>The endpoint with the framework's caches, over real sockets.</summary>
public class JobEventsCachingTests
{
    private static readonly Dictionary<string, Action<WebApplication>> Applications = new()
    {
        ["output caching, base policy"] = app => Map(app),
        ["output caching, policy of the endpoint"] = app => Map(app).CacheOutput(),
        ["output caching, named policy"] = app => Map(app).CacheOutput("named"),
        ["output caching, attribute"] = app => Map(app).WithMetadata(new OutputCacheAttribute { Duration = 60 }),
        ["output caching, policy of a group"] = app => Map(app.MapGroup("").CacheOutput()),
        ["response caching"] = app =>
        {
            app.UseResponseCaching().Use((context, next) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=60";
                return next(context);
            });
            Map(app);
        },
    };

    public static TheoryData<string> Caches => [.. Applications.Keys];

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task MapJobEvents_serves_a_second_browser_while_the_first_one_reads(string cache)
    {
        await using var watch = new FakeWatch(new WatchSynced());
        await using JobEventsApp app = await StartAsync(watch, cache);
        await using IAsyncEnumerator<SseItem<string>> first = app.ReadAsync().GetAsyncEnumerator(TestEnd);
        await using IAsyncEnumerator<SseItem<string>> second = app.ReadAsync().GetAsyncEnumerator(TestEnd);

        foreach (IAsyncEnumerator<SseItem<string>> browser in new[] { first, second })
        {
            Assert.True(await browser.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestEnd));
            Assert.True(await browser.MoveNextAsync());
            Assert.Equal("synced", browser.Current.EventType);
        }

        Assert.Equal(2, watch.Readers);
    }

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task MapJobEvents_does_not_replay_a_cached_stream(string cache) =>
        await AssertReplaysNothingAsync(watch => StartAsync(watch, cache));

    [Fact]
    public async Task MapJobEvents_does_not_replay_when_caching_runs_before_routing() =>
        await AssertReplaysNothingAsync(watch => JobEventsApp.StartAsync(services => AddServices(services, watch, "output caching, base policy"), app =>
        {
            IApplicationBuilder application = app;
            application.UseOutputCache().UseRouting().UseEndpoints(endpoints => Map(endpoints));
        }));

    private static async Task AssertReplaysNothingAsync(Func<JobWatch, Task<JobEventsApp>> startAsync)
    {
        // Only a response that has ended can be stored.
        await using var watch = new FakeWatch(new WatchSynced()) { Failure = new IOException("The watch ended.") };
        await using JobEventsApp app = await startAsync(watch);

        for (int browser = 1; browser <= 3; browser++)
        {
            List<SseItem<string>> items = await app.ReadAsync().ToListAsync(TestEnd);
            Assert.Contains("synced", items.Select(item => item.EventType));
            Assert.Equal(browser, watch.Readers);
        }
    }

    private static Task<JobEventsApp> StartAsync(JobWatch watch, string cache) => JobEventsApp.StartAsync(services => AddServices(services, watch, cache), app =>
    {
        app.UseOutputCache();
        Applications[cache](app);
    });

    private static void AddServices(IServiceCollection services, JobWatch watch, string cache) => services
        .AddSingleton(watch)
        .AddResponseCaching()
        .AddOutputCache(options =>
        {
            options.AddPolicy("named", policy => policy.Cache());
            if (cache == "output caching, base policy")
            {
                options.AddBasePolicy(policy => policy.Cache());
            }
        });

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints) => endpoints.MapJobEvents("/jobs/events");
}
