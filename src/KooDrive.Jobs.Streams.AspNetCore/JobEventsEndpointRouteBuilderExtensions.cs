using System.Diagnostics.CodeAnalysis;
using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Extension methods that serve the change feed of a KooDrive account to browsers.</summary>
public static class JobEventsEndpointRouteBuilderExtensions
{
    /// <summary>The time for a browser to read the rest of an event when the application stops.</summary>
    private static readonly TimeSpan LastWriteTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Maps an endpoint that serves the events of the registered <see cref="JobWatch"/> as Server-Sent Events, for
    /// <c>new EventSource("/jobs/events")</c> in a browser.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route, e.g. <c>/jobs/events</c>. The endpoint supports only GET.</param>
    /// <returns>The endpoint, for conventions such as <c>RequireAuthorization()</c> or <c>RequireCors(…)</c>.</returns>
    /// <remarks>
    /// <para>
    /// An event has a name (<c>snapshot</c>, <c>synced</c>, <c>added</c>, <c>changed</c>, <c>vanished</c>, <c>gap</c>, <c>pollFailed</c>,
    /// <c>pollCompleted</c>) and JSON data, the same JSON that <c>koojobs watch --output ndjson</c> prints. Each connection is a
    /// subscription. It starts with a <c>snapshot</c> event for every retained job and a <c>synced</c> event, also after the browser has
    /// reconnected. All connections share the watch, which polls only while at least one client is connected.
    /// </para>
    /// <para>
    /// When a browser disconnects, its subscription ends. A browser that is too slow receives a <c>gap</c> event and the current snapshot
    /// instead of the events that it missed (<see cref="JobWatchOptions.SubscriberBufferCapacity"/>). A <c>heartbeat</c> event is sent at the
    /// start of a connection and after 15 seconds without another event, so that proxies do not close the connection. An error that ends the
    /// watch is sent as <c>pollFailed</c> before the connection ends. The browser reconnects after 2 seconds, and the watch polls again when
    /// the next poll is due. A client that connects while polls fail receives a <c>pollFailed</c> event at the start and another after
    /// <c>synced</c>, because the snapshot is outdated. When the application stops, the connections end. A connection whose browser does not
    /// read is aborted after a second.
    /// </para>
    /// <para>
    /// The endpoint disables output caching and response caching for itself, even if a policy of the application enables them. Call
    /// <c>UseOutputCache</c> after <c>UseRouting</c>. Otherwise the middleware does not detect the endpoint, and a second browser waits until
    /// the response to the first browser ends.
    /// </para>
    /// <para>
    /// The events contain all fields of the jobs, including <see cref="Job.DownloadUrl"/>. The endpoint allows anonymous access unless the
    /// application requires authorization.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">No <see cref="JobWatch"/> is registered.</exception>
    /// <example>
    /// <code>
    /// builder.Services.AddKooDriveJobs(builder.Configuration.GetSection("KooDrive"));
    /// builder.Services.AddKooDriveJobWatch(builder.Configuration.GetSection("KooDrive:Watch"));
    ///
    /// WebApplication app = builder.Build();
    /// app.MapJobEvents("/jobs/events").RequireAuthorization();
    /// </code>
    /// </example>
    public static IEndpointConventionBuilder MapJobEvents(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        bool isRegistered = endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(JobWatch)) ?? true;
        return isRegistered
            ? Map(endpoints, pattern, services => services.GetRequiredService<JobWatch>())
            : throw new InvalidOperationException("No JobWatch is registered. Call AddKooDriveJobWatch before the application is built.");
    }

    /// <summary>
    /// Maps an endpoint that serves the events of the <see cref="JobWatch"/> that is registered with a key as Server-Sent Events. For details,
    /// see <see cref="MapJobEvents(IEndpointRouteBuilder, string)"/>.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route, e.g. <c>/jobs/events</c>. The endpoint supports only GET.</param>
    /// <param name="serviceKey">The key of the account that was passed to <c>AddKeyedKooDriveJobWatch</c>.</param>
    /// <returns>The endpoint, for conventions such as <c>RequireAuthorization()</c>.</returns>
    /// <exception cref="ArgumentException"><paramref name="serviceKey"/> is null or empty.</exception>
    /// <exception cref="InvalidOperationException">No <see cref="JobWatch"/> with this key is registered.</exception>
    public static IEndpointConventionBuilder MapJobEvents(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string serviceKey)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        bool isRegistered = endpoints.ServiceProvider.GetService<IServiceProviderIsKeyedService>()?.IsKeyedService(typeof(JobWatch), serviceKey) ?? true;
        return isRegistered
            ? Map(endpoints, pattern, services => services.GetRequiredKeyedService<JobWatch>(serviceKey))
            : throw new InvalidOperationException($"No JobWatch with the key '{serviceKey}' is registered. Call AddKeyedKooDriveJobWatch before the application is built.");
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, Func<IServiceProvider, JobWatch> watch)
    {
        IEndpointConventionBuilder endpoint = endpoints.MapGet(pattern, context => ServeAsync(context, watch(context.RequestServices)));
        endpoint.DisableRequestTimeout();

        // The last metadata wins, so this is added after the policies of the endpoint and of its groups. A policy that only disables storage
        // would still make each browser wait for the response to the previous browser.
        endpoint.Finally(static builder => builder.Metadata.Add(new OutputCacheAttribute { NoStore = true }));
        return endpoint;
    }

    private static async Task ServeAsync(HttpContext context, JobWatch watch)
    {
        IServiceProvider services = context.RequestServices;
        CancellationToken stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        var stream = new JobEventStream(watch, services.GetService<TimeProvider>() ?? TimeProvider.System, stopping);

        // A middleware that runs before routing does not detect the endpoint. It must not store or buffer the stream.
        if (context.Features.Get<IOutputCacheFeature>() is { } outputCache)
        {
            outputCache.Context.AllowCacheStorage = false;
        }

        // The framework disables caching and its own buffering. This header disables the buffering of nginx.
        context.Response.Headers["X-Accel-Buffering"] = "no";

        // The stream ends between two events. A write to a browser that does not read would never complete and would block the shutdown.
        using var late = new CancellationTokenSource();
        using CancellationTokenRegistration stop = stopping.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).CancelAfter(LastWriteTimeout), late);
        using CancellationTokenRegistration cut = late.Token.UnsafeRegister(static request => ((HttpContext)request!).Abort(), context);
        await TypedResults.ServerSentEvents(stream.ReadAsync(context.RequestAborted)).ExecuteAsync(context).ConfigureAwait(false);
    }
}
