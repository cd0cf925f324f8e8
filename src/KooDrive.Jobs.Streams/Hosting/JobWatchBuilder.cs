using System.Diagnostics.CodeAnalysis;
using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The builder of a registered watch, which adds handlers.</summary>
public sealed class JobWatchBuilder
{
    internal JobWatchBuilder(IServiceCollection services, string? serviceKey) => (Services, ServiceKey) = (services, serviceKey);

    /// <summary>The services of the application.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The service key of the watch; null for the watch without a key.</summary>
    public string? ServiceKey { get; }

    /// <summary>Runs the watch as a hosted service that calls a handler for each change, after the handlers added before.</summary>
    /// <typeparam name="THandler">
    /// The handler. It is scoped, so each attempt uses a new instance, unless the application registers it otherwise (with the service key, if there is one).
    /// </typeparam>
    /// <returns>This builder, to add further handlers.</returns>
    /// <remarks>
    /// The watch subscribes before any hosted service of the application starts, because a watch with a checkpoint must subscribe first. The calls of the
    /// handlers start after the hosted services registered earlier have started.
    /// </remarks>
    public JobWatchBuilder AddHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>()
        where THandler : class, IJobChangeHandler
    {
        JobWatchRegistration.AddHandler<THandler>(Services, ServiceKey);
        return this;
    }

    /// <summary>Runs the watch as a hosted service that calls a delegate for each change, after the handlers added before.</summary>
    /// <param name="handler">
    /// The delegate. It is retried and must be idempotent like an <see cref="IJobChangeHandler"/>. It receives no gaps and no scope: implement
    /// <see cref="IJobChangeHandler"/> for either. The token is canceled when the host stops.
    /// </param>
    /// <returns>This builder, to add further handlers. A delegate that is added twice is called twice.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <inheritdoc cref="AddHandler{THandler}()" path="/remarks"/>
    public JobWatchBuilder AddHandler(Func<JobChange, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        JobWatchRegistration.AddHandler(Services, ServiceKey, handler);
        return this;
    }
}
