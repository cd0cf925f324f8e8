using System.Diagnostics.CodeAnalysis;
using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves the change feed of a KooDrive account to browsers.</summary>
public static class JobEventsEndpointRouteBuilderExtensions
{
    /// <summary>What a browser that reads needs for the rest of an event, when the application stops.</summary>
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Serves the events of the container's <see cref="JobWatch"/> as Server-Sent Events, for <c>new EventSource("/jobs/events")</c> in any
    /// browser.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route, e.g. <c>/jobs/events</c>; GET only.</param>
    /// <returns>For what the endpoint needs besides, such as <c>RequireAuthorization()</c> or <c>RequireCors(…)</c>.</returns>
    /// <remarks>
    /// <para>
    /// An event has a name (<c>snapshot</c>, <c>synced</c>, <c>added</c>, <c>changed</c>, <c>vanished</c>, <c>gap</c>, <c>pollFailed</c>,
    /// <c>pollCompleted</c>) and JSON as its data, the same that <c>koojobs watch --output ndjson</c> prints. Each connection is a
    /// subscription: it begins with a <c>snapshot</c> of every retained job and <c>synced</c>, a connection that the browser made anew too.
    /// All share the one watch, which polls once however many browsers are there, and not at all while none is.
    /// </para>
    /// <para>
    /// A browser that leaves ends its subscription. One that is too slow gets a <c>gap</c> and the present state instead of what it missed
    /// (<see cref="JobWatchOptions.SubscriberBufferCapacity"/>). An event named <c>heartbeat</c> comes at the beginning, and whenever nothing else
    /// has come for 15 seconds, so that no proxy thinks the connection dead. An error that ends the watch is told as <c>pollFailed</c>
    /// before the connection ends; the browser comes again after 2 seconds, and the watch tries again when it is due. Who connects while
    /// polls fail is told so by a <c>pollFailed</c> at the beginning, and by another after <c>synced</c>: the picture is an old one. When the
    /// application stops the connections end; one whose browser does not read is cut after a second.
    /// </para>
    /// <para>
    /// The endpoint opts out of output caching and of response caching, whatever the application's policies are: a cached stream would be
    /// replayed to the next browser. Call <c>UseOutputCache</c> after <c>UseRouting</c>, as always; before it the middleware does not see the
    /// endpoint and lets a second browser wait for the first one.
    /// </para>
    /// <para>
    /// The events hold all that the API tells of the jobs, <see cref="Job.DownloadUrl"/> included. The endpoint lets in whoever the
    /// application lets in: require authorization where that is anybody.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">The container has no <see cref="JobWatch"/>.</exception>
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
        bool known = endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(JobWatch)) ?? true;
        return known
            ? Map(endpoints, pattern, services => services.GetRequiredService<JobWatch>())
            : throw new InvalidOperationException("The container has no JobWatch to map: register one before the application is built.");
    }

    /// <summary>
    /// Serves the events of one of several watches in the container as Server-Sent Events, as
    /// <see cref="MapJobEvents(IEndpointRouteBuilder, string)"/> does for the only one.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route, e.g. <c>/jobs/events</c>; GET only.</param>
    /// <param name="serviceKey">The account's name: the key that was passed to <c>AddKeyedKooDriveJobWatch</c>.</param>
    /// <returns>The endpoint, for conventions such as <c>RequireAuthorization()</c>.</returns>
    /// <exception cref="ArgumentException"><paramref name="serviceKey"/> is null or empty.</exception>
    /// <exception cref="InvalidOperationException">The container has no <see cref="JobWatch"/> with this key.</exception>
    public static IEndpointConventionBuilder MapJobEvents(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string serviceKey)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        bool known = endpoints.ServiceProvider.GetService<IServiceProviderIsKeyedService>()?.IsKeyedService(typeof(JobWatch), serviceKey) ?? true;
        return known
            ? Map(endpoints, pattern, services => services.GetRequiredKeyedService<JobWatch>(serviceKey))
            : throw new InvalidOperationException($"The container has no JobWatch with the key '{serviceKey}' to map: register one before the application is built.");
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, Func<IServiceProvider, JobWatch> watch)
    {
        IEndpointConventionBuilder endpoint = endpoints.MapGet(pattern, context => ServeAsync(context, watch(context.RequestServices)));
        endpoint.DisableRequestTimeout();

        // The last metadata decides, so this comes after the policies of the endpoint and of its groups. A policy that only forbade storing
        // would leave each browser waiting for the response to the one before it.
        endpoint.Finally(static builder => builder.Metadata.Add(new OutputCacheAttribute { NoStore = true }));
        return endpoint;
    }

    private static async Task ServeAsync(HttpContext context, JobWatch watch)
    {
        IServiceProvider services = context.RequestServices;
        CancellationToken stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        var stream = new JobEventStream(watch, services.GetService<TimeProvider>() ?? TimeProvider.System, stopping);

        // A middleware that ran before routing does not know the endpoint: it must neither keep the stream nor buffer it in memory.
        if (context.Features.Get<IOutputCacheFeature>() is { } outputCache)
        {
            outputCache.Context.AllowCacheStorage = false;
        }

        // The framework's headers forbid caching and switch its own buffering off; this one is for nginx, and for what speaks its language.
        context.Response.Headers["X-Accel-Buffering"] = "no";

        // The stream ends between two events. A write to a browser that does not read would never come to its end, and the shutdown waits for it.
        using var late = new CancellationTokenSource();
        using CancellationTokenRegistration stop = stopping.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).CancelAfter(LastWrite), late);
        using CancellationTokenRegistration cut = late.Token.UnsafeRegister(static request => ((HttpContext)request!).Abort(), context);
        await TypedResults.ServerSentEvents(stream.ReadAsync(context.RequestAborted)).ExecuteAsync(context).ConfigureAwait(false);
    }
}
