using System.Diagnostics.CodeAnalysis;
using KooDrive.Jobs.Streams;
using KooDrive.Jobs.Streams.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>A watch in the container, to add handlers to.</summary>
public sealed class JobWatchBuilder
{
    internal JobWatchBuilder(IServiceCollection services, string? serviceKey) => (Services, ServiceKey) = (services, serviceKey);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The account's name in the application; null for its only one.</summary>
    public string? ServiceKey { get; }

    /// <summary>Runs the watch as a hosted service that calls a handler for each change, after the handlers that were added before.</summary>
    /// <typeparam name="THandler">
    /// The handler. It is scoped, and made anew for each attempt, unless the application has registered it otherwise (with the service key, if there is one).
    /// </typeparam>
    /// <returns>This builder, to add further handlers.</returns>
    /// <remarks>
    /// The watch subscribes before any hosted service of the application starts, because a watch with a checkpoint must come before other subscribers. Handlers
    /// are called from its turn among the hosted services on: those registered before it have started by then.
    /// </remarks>
    public JobWatchBuilder AddHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>()
        where THandler : class, IJobChangeHandler
    {
        JobWatchRegistration.AddHandler<THandler>(Services, ServiceKey);
        return this;
    }
}
